"""Fine detail of a predicted mean, amplified by a fixed filter.

The mean of what is possible has less detail than any image: what the sources leave open averages out. The
filter gives back contrast, but no information; how much of it ships is measured (`methods/cdm/detail.py`).
As the engine's `volume/detail.ts`.
"""

from __future__ import annotations

import torch
import torch.nn.functional as F
from torch import Tensor

NARROW, WIDE = 0.5, 1.0
"""Standard deviations of the two Gaussians, pixels."""

REACH = 4
"""Where a Gaussian is cut, standard deviations."""


def amplify_detail(mean: Tensor, brain: Tensor, gain: float) -> Tensor:
    """Float [D, H, W], bool [D, H, W] -> mean + gain (narrow - wide), both Gaussian blurs in plane of the
    brain alone; not clipped, 0 outside the brain"""
    inside = brain.to(mean.dtype)
    narrow, wide = (blurred(mean * inside, s) / blurred(inside, s).clamp(min=1e-6) for s in (NARROW, WIDE))
    return (mean + gain * (narrow - wide)) * inside


def blurred(images: Tensor, sigma: float) -> Tensor:
    """[D, H, W] -> the same, 0 beyond the edges"""
    reach = round(REACH * sigma)
    weights = torch.exp(-0.5 * (torch.arange(-reach, reach + 1, dtype=images.dtype) / sigma) ** 2)
    weights = (weights / weights.sum()).to(images.device)
    found = F.conv2d(images[:, None], weights[None, None, None], padding=(0, reach))
    return F.conv2d(found, weights[None, None, :, None], padding=(reach, 0))[:, 0]
