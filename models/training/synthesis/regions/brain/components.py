"""Connected components of masks."""

from __future__ import annotations

import numpy as np
from scipy import ndimage


def largest_component(mask: np.ndarray) -> np.ndarray:
    """bool [Z, H, W] -> its largest 6-connected component"""
    labels, count = ndimage.label(mask)
    return labels == 1 + np.argmax(np.bincount(labels.ravel())[1:]) if count else mask


def largest_filled_component(mask: np.ndarray) -> np.ndarray:
    """bool [Z, H, W] -> its largest 6-connected component, holes filled slice by slice"""
    return np.stack([ndimage.binary_fill_holes(slice_) for slice_ in largest_component(mask)])


def open_largest_component(mask: np.ndarray, radius: float) -> np.ndarray:
    """bool [Z, H, W] -> the mask near the largest component of its erosion by `radius` voxels: removes parts
    that are connected by a bridge thinner than two radii"""
    core = largest_component(ndimage.distance_transform_edt(mask) > radius)
    return mask & (ndimage.distance_transform_edt(~core) <= radius + 1) if core.any() else mask
