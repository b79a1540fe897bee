"""The grid of the latents: means of 8 x 8 x 4 mm blocks of the brain, and smooth upsampling to voxels.

A volume of D x H x W voxels of 1 mm has K x H/8 x W/8 cells with K = ceil(D / 4). Cell k of axis z covers
the slices 4 k .. 4 k + 3; slice 4 k + 2 is its key slice.
"""

from __future__ import annotations

import torch
import torch.nn.functional as F
from torch import Tensor

BLOCK = 8  # voxels along y and x in one cell
SLAB = 4  # slices in one cell
ENOUGH = 0.25  # least share of brain in a valid cell
SHARPENINGS = 2


def key_count(depth: int) -> int:
    """-> K, the number of cells along z"""
    return -(-depth // SLAB)


def key_slices(depth: int) -> list[int]:
    """-> the middle slice of every cell along z, within 0 .. depth - 1"""
    return [min(SLAB * k + SLAB // 2, depth - 1) for k in range(key_count(depth))]


def pool(volume: Tensor) -> Tensor:
    """[..., D, H, W] -> float32 [..., K, H/8, W/8], means of all voxels; slices after the last count as 0.
    Raises ValueError unless H and W are multiples of 8."""
    *lead, depth, height, width = volume.shape
    if height % BLOCK or width % BLOCK:
        raise ValueError(f"slices of {height} x {width} voxels: pad both sides to multiples of {BLOCK}")
    padded = F.pad(volume.float().reshape(-1, 1, depth, height, width), (0, 0, 0, 0, 0, -depth % SLAB))
    return F.avg_pool3d(padded, (SLAB, BLOCK, BLOCK)).reshape(
        *lead, key_count(depth), height // BLOCK, width // BLOCK
    )


def coverage(brain: Tensor) -> Tensor:
    """bool [D, H, W] -> share of brain voxels [K, H/8, W/8] in 0..1"""
    return pool(brain)


def valid_cells(share: Tensor) -> Tensor:
    """`coverage` -> bool, same shape, the cells with enough brain"""
    return share >= ENOUGH


def average(volume: Tensor, brain: Tensor) -> Tensor:
    """[..., D, H, W] and bool [D, H, W] -> means over the brain in each cell [..., K, H/8, W/8], 0 in cells
    without enough brain"""
    share = coverage(brain)
    return torch.where(valid_cells(share), pool(volume.float() * brain) / share.clamp(min=1e-6), 0.0)


def blockwise(cells: Tensor, depth: int) -> Tensor:
    """[K, h, w] -> [depth, 8 h, 8 w], constant in every cell"""
    for axis, size in enumerate((SLAB, BLOCK, BLOCK)):
        cells = cells.repeat_interleave(size, axis)
    return cells[:depth]


def smooth(cells: Tensor) -> Tensor:
    """[N, 1, K, h, w] -> the block means of its trilinear interpolation: taps 1/8, 3/4, 1/8 along every
    axis"""
    for axis in (2, 3, 4):
        ends = [0, 0] * (4 - axis) + [1, 1] + [0, 0] * (axis - 2)
        padded = F.pad(cells, ends)
        n = cells.shape[axis]
        cells = 0.75 * cells + 0.125 * (padded.narrow(axis, 0, n) + padded.narrow(axis, 2, n))
    return cells


def trilinear(cells: Tensor) -> Tensor:
    """[N, 1, K, h, w] -> [N, 1, 4 K, 8 h, 8 w], values of the cells at their middles"""
    return F.interpolate(
        cells, scale_factor=(float(SLAB), float(BLOCK), float(BLOCK)), mode="trilinear", align_corners=False
    )


def upsample(cells: Tensor, valid: Tensor, depth: int) -> Tensor:
    """[..., K, h, w] and bool [K, h, w] -> [..., depth, 8 h, 8 w], trilinear, with about the same block means

    Invalid cells have no weight; their voxels get the value of valid neighbours, or 0 without any.
    Interpolation attenuates detail at the scale of the cells, so the cells are sharpened first to preserve
    the block means.
    """
    *lead, keys, height, width = cells.shape
    mask = valid.to(cells.dtype)
    given = (cells * mask).reshape(-1, 1, keys, height, width)
    weight = smooth(mask[None, None]).clamp(min=1e-3)
    sharp = given
    for _ in range(SHARPENINGS):
        sharp = (sharp + given - smooth(sharp) / weight) * mask
    total, share = trilinear(sharp), trilinear(mask[None, None])
    found = torch.where(share > 1e-3, total / share.clamp(min=1e-3), 0.0)
    return found[:, 0, :depth].reshape(*lead, depth, BLOCK * height, BLOCK * width)
