"""Masks that the lesion measurements need: healthy white matter, the other side, enhancing voxels."""

from __future__ import annotations

import numpy as np
from scipy import ndimage as ndi

from . import CONTRASTS

T1, T1CE, T2 = (CONTRASTS.index(name) for name in ("t1", "t1ce", "t2"))
AWAY = 5  # mm, from the lesion, of what counts as healthy
RIM = 4  # mm under the brain's surface, where vessels and meninges always enhance
SMALLEST = 50  # mm3: smaller enhancement is noise
ENHANCED = 3.0  # standard deviations of white matter's own T1ce - T1
NEAR = 2  # mm


def white_matter(volumes: np.ndarray, brain: np.ndarray, lesion: np.ndarray) -> np.ndarray:
    """normalized volumes [4, Z, H, W] -> healthy white matter, bool [Z, H, W]: bright on T1, dark on T2, away
    from the lesion"""
    healthy = ndi.binary_erosion(brain, iterations=RIM)
    if lesion.any():
        healthy &= ~ndi.binary_dilation(lesion, iterations=AWAY)
    t1, t2 = ndi.uniform_filter(volumes[T1], 3), ndi.uniform_filter(volumes[T2], 3)
    low, high = np.percentile(t1[healthy], (60, 95))
    return healthy & (t1 > low) & (t1 < high) & (t2 < np.percentile(t2[healthy], 45))


def relative_enhancement(t1ce: np.ndarray, t1: np.ndarray, white: np.ndarray) -> np.ndarray:
    """T1ce, T1 and white matter [Z, H, W] -> how much brighter T1ce is than T1, each in units of its own
    white matter, mean of 3 x 3 x 3 voxels"""
    return ndi.uniform_filter(t1ce / np.median(t1ce[white]) - t1 / np.median(t1[white]), 3)


def enhancing(difference: np.ndarray, threshold: float, brain: np.ndarray) -> np.ndarray:
    """-> bool [Z, H, W]: above the threshold, in components of at least SMALLEST mm3, away from the
    surface"""
    inside = ndi.binary_erosion(brain, iterations=RIM)
    labels, _ = ndi.label((difference > threshold) & inside)
    sizes = np.bincount(labels.ravel())
    sizes[0] = 0
    return (sizes >= SMALLEST)[labels]


def mirror(volume: np.ndarray, brain: np.ndarray) -> np.ndarray:
    """[..., H, W] -> the same with left and right exchanged about the brain's middle column"""
    columns = np.flatnonzero(brain.any((0, 1)))
    shift = int(columns[0] + columns[-1] - (volume.shape[-1] - 1))
    return np.roll(volume[..., ::-1], shift, axis=-1)
