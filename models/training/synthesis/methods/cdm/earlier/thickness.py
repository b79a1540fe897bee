"""Sources with thick slices."""

from __future__ import annotations

import numpy as np
from scipy import ndimage as ndi

from .engine import Stack

THICKNESSES = (1, 3, 5)  # mm


def thick(stack: Stack, mm: int) -> Stack:
    """-> the stack with every contrast averaged over slices of `mm` and interpolated linearly back to 1 mm"""
    depth = stack.brain.shape[0]
    centres = np.arange(mm // 2, depth, mm)
    weight = ndi.uniform_filter1d(stack.brain.astype(np.float32), mm, axis=0)
    mean = ndi.uniform_filter1d(stack.volumes, mm, axis=1) / np.maximum(weight, 1e-3)
    at = np.interp(np.arange(depth), centres, np.arange(len(centres)))
    low, part = at.astype(int), (at % 1).astype(np.float32)[:, None, None]
    slabs = mean[:, centres]
    volumes = slabs[:, low] * (1 - part) + slabs[:, np.minimum(low + 1, len(centres) - 1)] * part
    return Stack(f"{stack.name}-{mm}mm", (volumes * stack.brain).astype(np.float32), stack.brain)
