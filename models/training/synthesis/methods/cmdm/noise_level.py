"""The noise of an image, and that of a missing contrast from those of the others.

The noise of a contrast cannot be seen in a prior, which is smooth, but that of a patient's images goes
together: one scanner, one protocol. The network is told it, and does not have to guess it from the noise that
it is given.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor

from ... import CONTRASTS
from ...common.files import write_json
from ...data.patients import Patients
from ..cdm.cunet import NEIGHBOURS
from ..cdm.cunet import SLICES as SLICES_SEEN
from ..cdm.predict import volume

MASK = torch.tensor([[1.0, -2.0, 1.0], [-2.0, 4.0, -2.0], [1.0, -2.0, 1.0]])
"""Difference of two Laplacians (Immerkaer 1996): of white noise it has 6 times the standard deviation, of
what is smooth nothing."""

NORMAL_MEDIAN = 0.6745  # of the absolute value of a standard normal number
LEAST, RANGE = -6.0, 3.0  # natural logarithm of the levels: exp(-6) to exp(-3), intensity
RIDGE = 1e-3  # of the covariance
SLICES = 12  # of a patient, around the middle of the brain


def noise_level(images: Tensor, where: Tensor) -> Tensor:
    """Slices [S, 1, H, W], intensity, and bool of the same shape -> [S] natural logarithm of the standard
    deviation of their noise: by the median, so that edges do not matter. LEAST where nothing can be told."""
    kernel = MASK.to(images)[None, None]
    found = F.conv2d(images, kernel, padding=1).abs() / (6 * NORMAL_MEDIAN)
    whole = F.conv2d(where.to(images), torch.ones_like(kernel), padding=1) > 8.5
    levels = [f[w].quantile(0.5) if w.any() else f.new_zeros(()) for f, w in zip(found, whole, strict=True)]
    return torch.stack(levels).log().clamp(LEAST, LEAST + RANGE)


def condition(level: Tensor) -> Tensor:
    """Natural logarithms [S] -> what the network is given, [S, 1], about 0 to 1"""
    return ((level - LEAST) / RANGE)[:, None]


@dataclass(frozen=True)
class NoiseLevels:
    """The levels of the contrasts of patients: natural logarithms, normally distributed."""

    mean: list[float]  # [4]
    covariance: list[list[float]]  # [4][4]

    def of(self, target: int, levels: dict[int, float]) -> float:
        """Levels of some contrasts -> the expected level of another"""
        known = sorted(levels)
        covariance, mean = np.asarray(self.covariance), np.asarray(self.mean)
        differences = np.array([levels[c] for c in known]) - mean[known]
        weights = np.linalg.solve(covariance[np.ix_(known, known)], covariance[known, target])
        return float(mean[target] + weights @ differences)

    def manifest(self) -> dict[str, Any]:
        """-> `noise_level` of the manifest, by contrast"""
        rows = [dict(zip(CONTRASTS, row, strict=True)) for row in self.covariance]
        return {
            "mean": dict(zip(CONTRASTS, self.mean, strict=True)),
            "covariance": dict(zip(CONTRASTS, rows, strict=True)),
        }

    def write(self, file: Path) -> None:
        """Write a file."""
        write_json(file, asdict(self))

    @staticmethod
    def read(file: Path) -> NoiseLevels:
        """-> what `write` wrote"""
        return NoiseLevels(**json.loads(file.read_text()))


def level_of(image: Tensor) -> float:
    """Slices [D, H, W], intensity, 0 outside the brain -> the median level of those around the middle"""
    at = (image > 0).flatten(1).any(1).nonzero()[:, 0]
    middle = image[at[max(0, (len(at) - SLICES) // 2) :][:SLICES], None]
    return float(noise_level(middle, middle > 0).median()) if len(at) else LEAST


def levels_of(images: Tensor, sources: Sequence[int]) -> dict[int, float]:
    """Input of the C-UNet for every slice [D, 20, H, W] -> the level of each source"""
    return {c: level_of(images[:, c * SLICES_SEEN + NEIGHBOURS]) for c in sources}


def fit_noise_levels(patients: Patients, chosen: Sequence[int]) -> NoiseLevels:
    """-> the levels of patients who have all contrasts. Raises ValueError with fewer than two of them."""
    complete = [i for i in chosen if all(patients.records[i].present)]
    if len(complete) < 2:
        raise ValueError("Fewer than two patients have all contrasts; the noise levels need more.")
    everything = tuple(range(len(CONTRASTS)))
    found = [levels_of(volume(patients, i, everything)[0], everything) for i in complete]
    table = np.array([[levels[c] for c in everything] for levels in found])
    covariance = np.cov(table.T) + RIDGE * np.eye(len(CONTRASTS))
    return NoiseLevels(
        [round(float(v), 4) for v in table.mean(0)],
        [[round(float(v), 5) for v in row] for row in covariance],
    )
