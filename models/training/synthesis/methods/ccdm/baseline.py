"""The obvious way to a full dose: the difference to the T1, multiplied by one number."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor

from ... import CEILING

GAINS = np.arange(0.5, 25, 0.005)
LEAST_ERROR = 1e-7  # mean square: below, one patient alone would decide


@dataclass(frozen=True)
class Moments:
    """Means over a patient's brain, of the difference `low - t1`: its square, its product with `t1ce - t1`,
    and the square of that."""

    square: float
    product: float
    full: float

    def error(self, gain: np.ndarray) -> np.ndarray:
        """-> mean squared error with these factors"""
        return np.maximum(self.full - 2 * gain * self.product + gain**2 * self.square, LEAST_ERROR)


def moments(t1: Tensor, low: Tensor, t1ce: Tensor, brain: Tensor) -> Moments:
    """Volumes and the brain [Z, Y, X] -> what the best factor is fitted to"""
    given, full = (low - t1)[brain], (t1ce - t1)[brain]
    means = (given.square().mean(), (given * full).mean(), full.square().mean())
    return Moments(*map(float, means))


def best_gain(found: Iterable[Moments]) -> float:
    """-> the factor with the best psnr on average over the patients: by the error itself a few noisy ones
    would decide it. Raises ValueError without patients whose images differ."""
    differing = [m for m in found if m.square > 0]
    if not differing:
        raise ValueError("no difference between T1 and the low-dose T1ce to scale.")
    decibels = sum(np.log(m.error(GAINS)) for m in differing)
    return float(GAINS[np.argmin(decibels)])


def scaled(t1: Tensor, low: Tensor, gain: float) -> Tensor:
    """-> T1 plus `gain` times what the low dose adds, [0, CEILING]"""
    return torch.clamp(t1 + gain * (low - t1), 0, CEILING)
