"""Augmentation of training slices."""
from __future__ import annotations

import math

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor

from . import CEILING, CONTRASTS


def geometry(rng: np.random.Generator, size: int, crop: int, origin: tuple[int, int], vary: bool) -> np.ndarray:
    """-> float32 [2, 3], the affine map (normalized coordinates, crop -> slice) of a crop whose first row and column is `origin`;
    with `vary` also mirrored left to right, turned by at most 12 degrees and scaled by at most 10 %"""
    flip, angle, scale = 1.0, 0.0, 1.0
    if vary:
        flip = rng.choice([-1.0, 1.0])
        angle = math.radians(rng.uniform(-12, 12))
        scale = rng.uniform(0.9, 1.1)
    centre_y, centre_x = ((2 * o + crop) / size - 1 for o in origin)
    cos, sin = scale * math.cos(angle), scale * math.sin(angle)
    to_slice = np.array([[crop / size, 0, centre_x], [0, crop / size, centre_y], [0, 0, 1]])
    # turned about the centre of the slice
    turn = np.array([[flip * cos, -flip * sin, 0], [sin, cos, 0], [0, 0, 1]])
    return (turn @ to_slice)[:2].astype(np.float32)


def warp(slices: Tensor, maps: Tensor, crop: int) -> Tensor:
    """[S, C, H, W] and maps [S, 2, 3] -> [S, C, crop, crop], bilinear, zeros outside"""
    grid = F.affine_grid(maps, [len(slices), slices.shape[1], crop, crop], align_corners=False)
    return F.grid_sample(slices, grid, mode="bilinear", padding_mode="zeros", align_corners=False)


def intensity_curves(rng: np.random.Generator, images: Tensor) -> Tensor:
    """Another monotone curve for every contrast of images [S, 12, H, W]: gain, gamma and a bend of the mid-tones, each of random
    strength. Without it the network recognizes the scanner's style, which does not carry over to new patients."""
    def draw(spread: float) -> Tensor:
        shape = (len(images), len(CONTRASTS), 1, 1, 1)
        return torch.from_numpy((spread * rng.random(shape) * rng.standard_normal(shape)).astype(np.float32))

    gamma, gain, bend = draw(0.5).exp(), draw(0.15).exp(), draw(0.1).clamp(-0.14, 0.14)  # monotone below 1 / (2 pi)
    x = images.unflatten(1, (len(CONTRASTS), -1)).clamp(min=0)
    curved = torch.where(x > 0, x, 1.0).pow(gamma)
    curved = gain * (curved + bend * torch.sin(2 * math.pi * curved)) * (x > 0)
    return curved.clamp(0, CEILING).flatten(1, 2)
