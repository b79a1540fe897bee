"""The processes of a training: one, or under torchrun several, and their memory."""

from __future__ import annotations

import ctypes
import os

import torch
import torch.distributed as dist

M_TRIM_THRESHOLD, M_MMAP_THRESHOLD = -1, -3  # of malloc.h


def keep_memory() -> None:
    """Let the C library keep freed blocks of up to 32 MB instead of returning them to the system: on a CPU,
    allocating them again for every batch takes a fifth of the time. Does nothing with another C library.
    """
    try:
        library = ctypes.CDLL("libc.so.6")
        library.mallopt(M_MMAP_THRESHOLD, 32 << 20)
        library.mallopt(M_TRIM_THRESHOLD, 2**30)
    except (OSError, AttributeError):
        pass


def join() -> torch.device | None:
    """Join the process group if torchrun started several -> the GPU of this process, or None without one"""
    if int(os.environ.get("WORLD_SIZE", "1")) > 1 and not dist.is_initialized():
        dist.init_process_group("nccl" if torch.cuda.is_available() else "gloo")
    return torch.device("cuda", int(os.environ.get("LOCAL_RANK", "0"))) if torch.cuda.is_available() else None


def rank() -> int:
    """-> the number of this process; 0 without torchrun"""
    return dist.get_rank() if dist.is_initialized() else 0


def wait() -> None:
    """Wait for all processes: the others read what the first one writes."""
    if dist.is_initialized():
        dist.barrier()


def agreed(value: float, device: torch.device) -> float:
    """-> the value of the first process, in every process: clocks differ, and all must stop at the same
    step"""
    if not dist.is_initialized():
        return value
    shared = torch.tensor([value], dtype=torch.float64, device=device)
    dist.broadcast(shared, 0)
    return float(shared)
