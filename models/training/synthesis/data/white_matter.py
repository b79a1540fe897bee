"""Healthy white matter by simple rules on ranks, which an engine without labels can apply too."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from scipy import ndimage as ndi

from .. import FLAIR, T1, T1CE, T2, THICK

RIM = 4  # mm under the brain's surface that are excluded: vessels, meninges, partial volume
AWAY = 5  # mm around a lesion that are excluded
ENOUGH = 2000  # voxels: if a further rule leaves fewer, it is not applied
RULES = {T1: (60, 95), T1CE: (60, 95), T2: (3, 45), FLAIR: (15, 65)}
"""Percentiles of the healthy brain around white matter, which is bright on T1, dark on T2, medium on
FLAIR."""

IN_PLANE = ndi.generate_binary_structure(2, 1)[None]
ALONG_Z = np.ones((3, 1, 1), bool)


def eroded(mask: np.ndarray, distance: int, slice_spacing: float = 1.0) -> np.ndarray:
    """bool [Z, Y, X] without its outer `distance` mm"""
    inner = ndi.binary_erosion(mask, IN_PLANE, iterations=distance)
    steps = round(distance / slice_spacing)
    return np.asarray(ndi.binary_erosion(inner, ALONG_Z, iterations=steps) if steps else inner)


def dilated(mask: np.ndarray, distance: int, slice_spacing: float = 1.0) -> np.ndarray:
    """bool [Z, Y, X] with `distance` mm around it"""
    outer = ndi.binary_dilation(mask, IN_PLANE, iterations=distance)
    steps = round(distance / slice_spacing)
    return np.asarray(ndi.binary_dilation(outer, ALONG_Z, iterations=steps) if steps else outer)


def smoothed(volume: np.ndarray, slice_spacing: float = 1.0) -> np.ndarray:
    """float [Z, Y, X] -> mean over 3 x 3 x 3 voxels (3 x 3 in plane where slices are thick)"""
    return np.asarray(ndi.uniform_filter(volume, 3 if slice_spacing <= THICK else (1, 3, 3)))


def white_matter(
    volumes: Mapping[int, np.ndarray], brain: np.ndarray, lesion: np.ndarray, slice_spacing: float = 1.0
) -> np.ndarray:
    """-> healthy white matter, bool [Z, Y, X]

    volumes: float [Z, Y, X] by contrast, any scale; T1ce is used only if T1 is missing. brain, lesion: bool
    [Z, Y, X]; lesion may be empty. slice_spacing: mm along z; 1 mm in plane. Raises ValueError without
    volumes.
    """
    if not volumes:
        raise ValueError("white_matter needs at least one contrast.")
    healthy = healthy_inside(brain, lesion, slice_spacing)
    white = healthy
    for contrast in rules_for(volumes):
        volume = smoothed(volumes[contrast], slice_spacing)
        low, high = np.percentile(volume[healthy], RULES[contrast]) if healthy.any() else (0.0, 0.0)
        further = white & (volume > low) & (volume < high)
        if white is not healthy and further.sum() < ENOUGH:
            break
        white = further
    return white


def healthy_inside(brain: np.ndarray, lesion: np.ndarray, slice_spacing: float = 1.0) -> np.ndarray:
    """Brain and lesion, bool [Z, Y, X] -> the brain without RIM mm of its surface, and without the lesion and
    AWAY mm around it"""
    inside = eroded(brain, RIM, slice_spacing)
    return inside & ~dilated(lesion, AWAY, slice_spacing) if lesion.any() else inside


def rules_for(volumes: Mapping[int, np.ndarray]) -> list[int]:
    """-> the contrasts whose rules apply, the most informative first"""
    return [c for c in (T1, T1CE, T2, FLAIR) if c in volumes and not (c == T1CE and T1 in volumes)]
