"""The brain's surface, moved to where the images show it: step for step what the engine does in surface.ts.
fit_surface.py fits it."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
from scipy import ndimage

from .pieces import cut_bridges, whole_piece

SEEN = ("voxel", "mean_3", "least_3", "most_3", "mean_5", "least_5", "most_5")
"""What is asked about an intensity: the voxel's own, and mean, least and most of the cubes of 3 and 5
voxels around it."""
THIN = 4
"""Radius of what is thin enough to be scalp or muscle, voxels."""
SMOOTH = 5
"""Edge of the cube whose majority decides in the end, voxels: a surface judged voxel by voxel is ragged."""
CERTAIN = 0.001
"""Probabilities are clipped to this and one minus this before their logit is taken."""


@dataclass(frozen=True)
class Surface:
    """Evidence for brain = bias + probability * logit + around * share + the mean over the contrasts of the
    sum of all curves."""

    reach: int  # voxels this near to the surface, on either side, are judged again
    knots: tuple[float, ...]  # intensities, 1 is the median in the brain; the last stands for all beyond
    bias: float
    probability: float
    around: float  # of the share of brain in the cube of 5 voxels
    curves: dict[str, list[float]]  # for each of SEEN: its value at each knot, linear between

    def manifest(self) -> dict[str, Any]:
        return asdict(self) | {"knots": list(self.knots)}

    @staticmethod
    def read(found: dict[str, Any]) -> Surface:
        return Surface(**found | {"knots": tuple(found["knots"])})


def shell(brain: np.ndarray, reach: int) -> np.ndarray:
    """Voxels within `reach` of the surface, on either side"""
    return (ndimage.distance_transform_edt(~brain) <= reach) & ~(
        ndimage.distance_transform_edt(brain) > reach
    )


def logit(probability: np.ndarray) -> np.ndarray:
    p = np.clip(probability, CERTAIN, 1 - CERTAIN)
    return np.log(p / (1 - p))


def mean_of_cube(values: np.ndarray, edge: int) -> np.ndarray:
    return ndimage.uniform_filter(values.astype(np.float64), edge, mode="nearest")


def seen(volume: np.ndarray, brain: np.ndarray, judged: np.ndarray, highest: float) -> np.ndarray:
    """One contrast [Z, H, W] -> [voxels of `judged`, SEEN]"""
    values = np.clip(volume / np.median(volume[brain & (volume > 0)]), 0, highest)
    columns = [values]
    for edge in (3, 5):
        columns += [
            mean_of_cube(values, edge),
            ndimage.minimum_filter(values, edge, mode="nearest"),
            ndimage.maximum_filter(values, edge, mode="nearest"),
        ]
    return np.stack([column[judged] for column in columns], -1)


def context(probability: np.ndarray, brain: np.ndarray, judged: np.ndarray) -> np.ndarray:
    """-> [voxels of `judged`, (logit, share of brain around)]"""
    return np.stack([logit(probability)[judged], mean_of_cube(brain, 5)[judged]], -1)


def correct_surface(
    brain: np.ndarray, probability: np.ndarray, volumes: list[np.ndarray], surface: Surface
) -> np.ndarray:
    """brain bool, probability and volumes [Z, H, W] -> bool; where a contrast shows nothing around, brain
    stays what it was"""
    if not all(volume[brain].any() for volume in volumes):
        return brain
    judged = shell(brain, surface.reach)
    for volume in volumes:
        judged &= ndimage.maximum_filter(volume, 5, mode="nearest") > 0
    evidence = surface.bias + context(probability, brain, judged) @ (surface.probability, surface.around)
    for volume in volumes:
        values = seen(volume, brain, judged, surface.knots[-1])
        for column, name in zip(values.T, SEEN):
            evidence += np.interp(column, surface.knots, surface.curves[name]) / len(volumes)
    corrected = brain.copy()
    corrected[judged] = evidence > 0
    return whole_piece(mean_of_cube(cut_bridges(corrected, THIN), SMOOTH) > 0.5)
