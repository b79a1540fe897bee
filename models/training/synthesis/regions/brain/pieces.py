"""Masks in one piece."""

from __future__ import annotations

import numpy as np
from scipy import ndimage


def largest_component(mask: np.ndarray) -> np.ndarray:
    labels, count = ndimage.label(mask)
    return labels == 1 + np.argmax(np.bincount(labels.ravel())[1:]) if count else mask


def whole_piece(mask: np.ndarray) -> np.ndarray:
    """The largest 6-connected piece, its holes filled slice by slice."""
    return np.stack([ndimage.binary_fill_holes(slice_) for slice_ in largest_component(mask)])


def cut_bridges(mask: np.ndarray, radius: float) -> np.ndarray:
    """The largest piece that balls of `radius` fit into, and what of the mask is within one voxel more of
    their centres: cuts off what hangs on it by a bridge thinner than two radii."""
    core = largest_component(ndimage.distance_transform_edt(mask) > radius)
    return mask & (ndimage.distance_transform_edt(~core) <= radius + 1) if core.any() else mask
