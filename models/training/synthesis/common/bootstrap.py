"""Means over patients with the interval of a bootstrap over persons (Efron and Tibshirani 1993, percentile
method)."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

DRAWS = 4000


@dataclass(frozen=True)
class Interval:
    """A mean, its 95 % interval and standard error, and the number of values. All NaN if there are none."""

    mean: float
    low: float
    high: float
    error: float
    n: int

    def text(self, digits: int = 2) -> str:
        """-> "20.51 (20.10 to 20.93)", or a dash for no values"""
        return (
            "-"
            if self.n == 0
            else f"{self.mean:.{digits}f} ({self.low:.{digits}f} to {self.high:.{digits}f})"
        )


def interval(values: Sequence[float], groups: Sequence[str], seed: int = 0) -> Interval:
    """Values, and the person of each -> their mean with its interval. Persons are drawn with all their
    values; NaN is left out."""
    kept = [(value, group) for value, group in zip(values, groups, strict=True) if np.isfinite(value)]
    if not kept:
        return Interval(math.nan, math.nan, math.nan, math.nan, 0)
    names, person = np.unique([group for _, group in kept], return_inverse=True)
    sums = np.bincount(person, [value for value, _ in kept])
    counts = np.bincount(person)
    drawn = np.random.default_rng(seed).multinomial(
        len(names), np.full(len(names), 1 / len(names)), size=DRAWS
    )
    means = drawn @ sums / (drawn @ counts)
    low, high = np.percentile(means, (2.5, 97.5))
    return Interval(float(sums.sum() / counts.sum()), float(low), float(high), float(means.std()), len(kept))


def difference(
    a: Mapping[str, float], b: Mapping[str, float], groups: Mapping[str, str], seed: int = 0
) -> Interval:
    """Two sets of figures by patient, and each patient's person -> mean of b - a over the patients in both,
    paired"""
    both = sorted(set(a) & set(b))
    return interval(
        [b[patient] - a[patient] for patient in both], [groups[patient] for patient in both], seed
    )
