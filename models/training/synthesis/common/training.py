"""The training loop: by steps or by time, resumable, averaged, on one device or, under torchrun, on many."""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import torch
import torch.distributed as dist
from torch import Tensor, nn
from torch.nn.parallel import DistributedDataParallel
from torch.optim.swa_utils import AveragedModel
from tqdm import tqdm

from .conv_norm import measure_norms
from .files import write_torch
from .loss_log import append_row, draw_losses, forget_after
from .processes import agreed, rank, wait
from .weights import save_half, weights_file

WARM_UP = 0.03  # share of the training
AVERAGING = 0.999  # decay of the moving average of the weights
SNAPSHOTS = (0.40, 0.75)  # shares of the training after which the average is saved as well
SAVE_EVERY = 60.0  # seconds
LOG_EVERY = 50  # steps
CLIP = 1.0  # norm of the gradient

LossOf = Callable[[nn.Module, torch.Generator, int], Tensor]
"""(network, random numbers of this step, step) -> scalar loss"""


@dataclass(frozen=True)
class Schedule:
    """Length and learning rate. With `seconds` the learning rate follows the clock and is 0 at the
    deadline."""

    learning_rate: float
    steps: int | None = None
    seconds: float | None = None

    def __post_init__(self) -> None:
        if (self.steps is None) == (self.seconds is None):
            raise ValueError("a schedule has either steps or seconds")

    def progress(self, step: int, seconds: float) -> float:
        """-> finished share of the training, in [0, 1]"""
        done = step / self.steps if self.steps is not None else seconds / float(self.seconds or 1)
        return min(1.0, done)

    def rate(self, progress: float) -> float:
        """-> the learning rate: linear warm-up, then a half cosine down to 0"""
        return (
            self.learning_rate
            * min(1.0, progress / WARM_UP + 0.01)
            * 0.5
            * (1 + math.cos(math.pi * progress))
        )


def moving_average(averaged: Sequence[Tensor], current: Sequence[Tensor], count: Tensor | int) -> None:
    """Update rule of `AveragedModel` for tensors of one type; early in the training the average is short."""
    if averaged[0].is_floating_point():
        torch._foreach_lerp_(
            list(averaged), list(current), 1 - min(AVERAGING, (1 + int(count)) / (10 + int(count)))
        )
    else:
        torch._foreach_copy_(list(averaged), list(current))


def fit(
    model: nn.Module,
    loss_of: LossOf,
    schedule: Schedule,
    *,
    name: str,
    run: Path,
    seed: int,
    device: torch.device,
) -> nn.Module:
    """Minimize `loss_of` -> the averaged network, in evaluation mode, on `device`.

    The statistics of its batch normalizations are measured anew for the averaged weights.
    Continues from `<run>/<name>.pt` if it exists; a finished training is only loaded. Leaves
    `<name>.half.pt` (and `<name>-40.half.pt`, `<name>-75.half.pt` on the way), the losses as CSV (step,
    loss, seconds) and as a PNG. Every step seeds its own random numbers, so that a resumed training by steps
    equals an uninterrupted one. Raises FloatingPointError if the loss is not finite.
    """
    model = model.to(device)
    average = AveragedModel(model, multi_avg_fn=moving_average, use_buffers=True).eval()
    optimizer = torch.optim.AdamW(
        model.parameters(),
        schedule.learning_rate,
        betas=(0.9, 0.99),
        weight_decay=0.01,
        fused=device.type == "cuda",
    )
    checkpoint, log, first = run / f"{name}.pt", run / f"{name}.csv", rank() == 0
    step, before = 0, 0.0
    if checkpoint.exists():
        state = torch.load(checkpoint, map_location=device, weights_only=True)
        model.load_state_dict(state["model"])
        average.load_state_dict(state["average"])
        optimizer.load_state_dict(state["optimizer"])
        step, before = state["step"], state["seconds"]
    if first:
        forget_after(log, step)
    wrapped: nn.Module = (
        DistributedDataParallel(model, find_unused_parameters=True) if dist.is_initialized() else model
    )
    generator = torch.Generator(device=device)
    started = saved = time.monotonic()
    losses: list[Tensor] = []
    progress = agreed(schedule.progress(step, before), device)
    waiting = [share for share in SNAPSHOTS if share > progress]

    def elapsed() -> float:
        return before + time.monotonic() - started

    def run_average(n: int) -> None:
        generator.manual_seed(seed + n)
        loss_of(average.module, generator, n)

    def keep() -> None:
        write_torch(
            checkpoint,
            {
                "model": model.state_dict(),
                "average": average.state_dict(),
                "optimizer": optimizer.state_dict(),
                "step": step,
                "seconds": elapsed(),
            },
        )

    model.train()
    with tqdm(
        total=1000,
        initial=int(1000 * progress),
        desc=name,
        mininterval=10,
        disable=not first,
        dynamic_ncols=True,
        bar_format="{desc} {percentage:3.0f}% {elapsed}<{remaining} {postfix}",
    ) as bar:
        while progress < 1:
            for group in optimizer.param_groups:
                group["lr"] = schedule.rate(progress)
            generator.manual_seed((seed * 1_000_003 + step) * 64 + rank())
            loss = loss_of(wrapped, generator, step)
            optimizer.zero_grad(set_to_none=True)
            loss.backward()
            nn.utils.clip_grad_norm_(model.parameters(), CLIP)
            optimizer.step()
            average.update_parameters(model)
            losses.append(loss.detach())
            step += 1
            progress = agreed(schedule.progress(step, elapsed()), device)
            if not first:
                continue
            if step % LOG_EVERY == 0 or progress >= 1:
                mean = float(torch.stack(losses).mean())
                losses.clear()
                if not math.isfinite(mean):
                    raise FloatingPointError(
                        f"{name}: the loss is not finite after {step} steps; lower the learning rate"
                    )
                append_row(log, step, mean, elapsed())
                bar.set_postfix_str(f"loss {mean:.4f}, {step} steps")
                bar.update(int(1000 * progress) - bar.n)
            if waiting and progress >= waiting[0]:
                measure_norms(average.module, run_average)
                save_half(average.module, run / f"{name}-{round(100 * waiting.pop(0))}.half.pt")
            if time.monotonic() - saved > SAVE_EVERY or progress >= 1:
                keep()
                saved = time.monotonic()
    measure_norms(average.module, run_average)
    if first:
        save_half(average.module, weights_file(run, name))
        draw_losses(log)
    wait()
    return average.module.eval()
