"""Weights in half precision: what remains of a finished training."""

from __future__ import annotations

from pathlib import Path

import torch
from torch import nn

from .files import write_torch


def save_half(model: nn.Module, file: Path) -> None:
    """Write the weights in half precision, atomically."""
    half = {k: v.half() if v.is_floating_point() else v for k, v in model.state_dict().items()}
    write_torch(file, half)


def load_half(model: nn.Module, file: Path) -> nn.Module:
    """-> `model` with the weights of `save_half`, in evaluation mode"""
    model.load_state_dict(
        {
            k: v.float() if v.is_floating_point() else v
            for k, v in torch.load(file, map_location="cpu", weights_only=True).items()
        }
    )
    return model.eval()


def weights_file(run: Path, name: str) -> Path:
    """-> the file of a finished training: the averaged weights in half precision"""
    return run / f"{name}.half.pt"
