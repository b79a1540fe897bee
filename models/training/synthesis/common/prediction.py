"""The output of every method: images, expected errors and lesions for one patient and a set of sources."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from torch import Tensor

from .. import CONTRASTS
from ..data.patients import Patients


@dataclass(frozen=True)
class Prediction:
    """Axes after the channel: z, y, x of the patient's own slices (`Record.depth`); 0 outside the brain."""

    mean: Tensor  # float32 [4 or 5, D, 192, 192] intensity; the fifth: a t1ce trained without enhancement
    scale: Tensor  # float32 [4 or 5, D, 192, 192] expected absolute error of each
    lesion: Tensor  # float32 [5, D, 192, 192] probabilities of `LABELS`


Predictor = Callable[[Patients, int, tuple[int, ...]], Prediction]
"""(patients, index, source contrasts) -> prediction"""


def others(target: int, present: tuple[bool, ...]) -> tuple[int, ...]:
    """-> all contrasts that are present but the target"""
    return tuple(c for c in range(len(CONTRASTS)) if c != target and present[c])
