"""Correction of the brain's surface from the images, the same step by step as surface.ts of the engine.
fit_surface.py fits it."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
from scipy import ndimage

from .components import largest_filled_component, open_largest_component

FEATURES = ("voxel", "mean_3", "least_3", "most_3", "mean_5", "least_5", "most_5")
"""Intensity features: that of the voxel, and mean, minimum and maximum of the cubes of 3 and 5 voxels
around."""
OPENING_RADIUS = 4
"""Radius of the opening that removes scalp and muscle, voxels."""
SMOOTHING = 5
"""Edge of the cube of the final majority filter, which smooths the surface, voxels."""
PROBABILITY_CLIP = 0.001
"""Probabilities are clipped to [this, 1 - this] before the logit."""


@dataclass(frozen=True)
class Surface:
    """Log-odds of brain = bias + probability * logit + around * share + the mean over the contrasts of the
    sum of all curves"""

    reach: int  # distance from the surface, on either side, of voxels that are classified again
    knots: tuple[float, ...]  # intensities, 1 is the median in the brain; higher ones are clipped to the last
    bias: float
    probability: float
    around: float  # of the share of brain in the cube of 5 voxels
    curves: dict[str, list[float]]  # for each of FEATURES: its value at each knot, linear between

    def manifest(self) -> dict[str, Any]:
        """-> `surface` of the manifest"""
        return asdict(self) | {"knots": list(self.knots)}

    @staticmethod
    def read(found: dict[str, Any]) -> Surface:
        """From `surface` of the manifest."""
        return Surface(**found | {"knots": tuple(found["knots"])})


def narrow_band(brain: np.ndarray, reach: int) -> np.ndarray:
    """bool [Z, H, W] -> voxels within `reach` of the surface, on either side"""
    return (ndimage.distance_transform_edt(~brain) <= reach) & ~(
        ndimage.distance_transform_edt(brain) > reach
    )


def logit(probability: np.ndarray) -> np.ndarray:
    """Probabilities of any shape -> their log-odds, clipped"""
    p = np.clip(probability, PROBABILITY_CLIP, 1 - PROBABILITY_CLIP)
    return np.log(p / (1 - p))


def mean_of_cube(values: np.ndarray, edge: int) -> np.ndarray:
    """[Z, H, W] -> float64, mean of the cube of `edge` voxels around each"""
    return ndimage.uniform_filter(values.astype(np.float64), edge, mode="nearest")


def intensity_features(volume: np.ndarray, brain: np.ndarray, band: np.ndarray, highest: float) -> np.ndarray:
    """One contrast, brain and band [Z, H, W] -> [voxels of `band`, FEATURES]"""
    values = np.clip(volume / np.median(volume[brain & (volume > 0)]), 0, highest)
    columns = [values]
    for edge in (3, 5):
        columns += [
            mean_of_cube(values, edge),
            ndimage.minimum_filter(values, edge, mode="nearest"),
            ndimage.maximum_filter(values, edge, mode="nearest"),
        ]
    return np.stack([column[band] for column in columns], -1)


def context(probability: np.ndarray, brain: np.ndarray, band: np.ndarray) -> np.ndarray:
    """Probability, brain and band [Z, H, W] -> [voxels of `band`, (logit, share of brain around)]"""
    return np.stack([logit(probability)[band], mean_of_cube(brain, 5)[band]], -1)


def correct_surface(
    brain: np.ndarray, probability: np.ndarray, volumes: list[np.ndarray], surface: Surface
) -> np.ndarray:
    """Brain bool, probability and volumes [Z, H, W] -> corrected brain, bool. Voxels do not change if a
    contrast is 0 all around."""
    if not all(volume[brain].any() for volume in volumes):
        return brain
    band = narrow_band(brain, surface.reach)
    for volume in volumes:
        band &= ndimage.maximum_filter(volume, 5, mode="nearest") > 0
    log_odds = surface.bias + context(probability, brain, band) @ (surface.probability, surface.around)
    for volume in volumes:
        values = intensity_features(volume, brain, band, surface.knots[-1])
        for column, name in zip(values.T, FEATURES):
            log_odds += np.interp(column, surface.knots, surface.curves[name]) / len(volumes)
    corrected = brain.copy()
    corrected[band] = log_odds > 0
    return largest_filled_component(
        mean_of_cube(open_largest_component(corrected, OPENING_RADIUS), SMOOTHING) > 0.5
    )
