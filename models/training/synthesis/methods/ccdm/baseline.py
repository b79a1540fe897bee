"""The obvious way to a full dose: the difference to the T1, multiplied by one number."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import torch
from torch import Tensor

from ... import CEILING


@dataclass(frozen=True)
class Moments:
    """Means over a patient's brain, of the difference `low - t1`: its square, and its product with
    `t1ce - t1`."""

    square: float
    product: float


def moments(t1: Tensor, low: Tensor, t1ce: Tensor, brain: Tensor) -> Moments:
    """Volumes and the brain [Z, Y, X] -> what the best factor is fitted to"""
    given, full = (low - t1)[brain], (t1ce - t1)[brain]
    return Moments(float(given.square().mean()), float((given * full).mean()))


def best_gain(found: Iterable[Moments]) -> float:
    """-> the factor with the least squared error over the patients, each with the same weight. Raises
    ValueError without patients whose images differ."""
    listed = list(found)
    square = sum(m.square for m in listed)
    if not square > 0:
        raise ValueError("no difference between T1 and the low-dose T1ce to scale.")
    return sum(m.product for m in listed) / square


def scaled(t1: Tensor, low: Tensor, gain: float) -> Tensor:
    """-> T1 plus `gain` times what the low dose adds, [0, CEILING]"""
    return torch.clamp(t1 + gain * (low - t1), 0, CEILING)
