"""The settings of a training: one small file, every value with a default."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from ...common.settings import Settings

Vicinity = Literal["none", "hard", "soft"]
Noise = Literal["dose", "same"]


@dataclass(frozen=True)
class Recipe(Settings):
    """All settings of a training."""

    vicinity: Vicinity = "hard"  # how far the dose that the network is told is from that of the image
    reach: float = 0.1  # of the vicinity, in logarithms of the dose
    noise: Noise = "dose"  # whether the diffusion's noise follows what a dose leaves open
    means: float = 0.7  # share of the examples that learn the mean, without diffusion
    channels: tuple[int, ...] = (32, 48, 64, 96)  # from half the resolution down to 1/16
    code: int = 64  # width of the vector that scales and shifts all levels
    crop: int = 96  # pixels
    batch: int = 8
    learning_rate: float = 2e-3
    steps: int = 20_000  # of each training, without a deadline
    seed: int = 20261127
