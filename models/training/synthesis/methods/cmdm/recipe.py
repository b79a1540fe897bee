"""The settings of a training: one small file, every value with a default."""

from __future__ import annotations

from dataclasses import dataclass

from ...common.settings import Settings


@dataclass(frozen=True)
class Recipe(Settings):
    """All settings of a training."""

    enhancement: bool = False  # refine the T1ce that the prior learned with enhancing voxels
    channels: tuple[int, ...] = (32, 48, 64, 96)  # from half the resolution down to 1/16
    code: int = 64  # width of the vector that scales and shifts all levels
    crop: int = 128  # pixels
    batch: int = 8
    learning_rate: float = 2e-3
    steps: int = 20_000  # of each training, without a deadline
    seed: int = 20261128
