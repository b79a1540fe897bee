"""Augmentation of training slices: differences between scanners and sites, which a network must not learn
from few of them.

T1 and T1ce of a patient come from one scanner, often from one sequence. The scanner changes their
intensities alike, and its coil shades all contrasts alike. Curves and shading are therefore shared, also
with the target, and each contrast varies only a little by itself. With independent curves the network
learned to ignore the T1 when it predicts the T1ce, and the result was worse than a copy.
"""

from __future__ import annotations

import math

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor

from . import CEILING

GROUPS = (0, 0, 1, 2)  # T1 and T1ce share an intensity curve
CODES = 256


def geometry(
    rng: np.random.Generator, size: int, crop: int, origin: tuple[int, int], vary: bool
) -> np.ndarray:
    """-> float32 [2, 3], the affine map from crop to slice, normalized coordinates, of a crop of `crop`
    pixels whose first row and column is `origin`; with `vary` also mirrored left to right, rotated by at
    most 15 degrees and scaled by at most 12 %"""
    flip, angle, scale_x, scale_y = 1.0, 0.0, 1.0, 1.0
    if vary:
        flip = rng.choice([-1.0, 1.0])
        angle = math.radians(rng.uniform(-15, 15))
        scale_x, scale_y = rng.uniform(0.88, 1.12) * rng.uniform(0.97, 1.03, 2)
    centre_y, centre_x = ((2 * o + crop) / size - 1 for o in origin)
    cos, sin = math.cos(angle), math.sin(angle)
    to_slice = np.array([[crop / size, 0, centre_x], [0, crop / size, centre_y], [0, 0, 1]])
    # rotation about the centre of the slice
    turn = np.array(
        [[flip * scale_x * cos, -flip * scale_x * sin, 0], [scale_y * sin, scale_y * cos, 0], [0, 0, 1]]
    )
    return (turn @ to_slice)[:2].astype(np.float32)


def warp(slices: Tensor, maps: Tensor, crop: int) -> Tensor:
    """[S, C, H, W] and maps [S, 2, 3] -> [S, C, crop, crop], bilinear, zeros outside"""
    grid = F.affine_grid(maps, [len(slices), slices.shape[1], crop, crop], align_corners=False)
    return F.grid_sample(slices, grid, mode="bilinear", padding_mode="zeros", align_corners=False)


def monotone(rng: np.random.Generator, x: np.ndarray, strength: float) -> np.ndarray:
    """Normalized intensities x -> the same through a random rising curve: gamma, gain, offset and a bend in
    the middle, each of random strength"""
    gamma, gain, offset, bend = (
        spread * strength * rng.random() * rng.standard_normal() for spread in (0.4, 0.15, 0.06, 0.1)
    )
    curved = x ** math.exp(gamma)
    # rises while |bend| < 1 / (2 pi)
    return math.exp(gain) * (curved + np.clip(bend, -0.15, 0.15) * np.sin(2 * math.pi * curved)) + offset


def intensity_tables(rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
    """-> two tables float32 [4, 256] from code to normalized intensity, 0 for the background: for the
    contrasts as sources, and, with the shared curve alone, as targets"""
    intensity = np.clip((np.arange(CODES) - 1) / 199, 0, CEILING)
    shared = [np.clip(monotone(rng, intensity, 1.0), 0, CEILING) for _ in range(max(GROUPS) + 1)]
    shared = [shared[group] for group in GROUPS]
    own = [np.clip(monotone(rng, curve, 0.25), 0, CEILING) for curve in shared]
    tables = np.array([own, shared], np.float32)
    tables[..., 0] = 0
    return tables[0], tables[1]


def plain_table() -> np.ndarray:
    """-> the table [256] from code to normalized intensity without augmentation"""
    return np.clip((np.arange(CODES, dtype=np.float32) - 1) / 199, 0, CEILING)


def slice_profiles(rng: np.random.Generator, slices: np.ndarray) -> np.ndarray:
    """Neighbouring slices [3, H, W] -> the same, or as in a series of thick slices: blurred along z, or the
    centre repeated"""
    kind = rng.random()
    if kind < 0.67:
        return slices
    if kind < 0.87:
        return np.tensordot(np.array([[2, 1, 0], [1, 1, 1], [0, 1, 2]], np.float32) / 3, slices, 1)
    return np.repeat(slices[1:2], 3, 0)


def shading(rng: np.random.Generator, count: int, channels: int, size: int, strength: float) -> Tensor:
    """-> [count, channels, size, size], smooth factors around 1"""
    weights = strength * rng.random((count, channels, 1)) * rng.standard_normal((count, channels, 4))
    axis = torch.linspace(-1, 1, size)
    y, x = axis[:, None].expand(size, size), axis[None].expand(size, size)
    basis = torch.stack([x, y, x * y, x * x + y * y - 0.6]).flatten(1)
    return (torch.from_numpy(weights.astype(np.float32)) @ basis).exp().unflatten(-1, (size, size))
