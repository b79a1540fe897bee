"""Augmentation on the device: differences between scanners and sites, which a network must not learn from few
of them.

T1 and T1ce of a patient come from one scanner, often from one sequence. The scanner changes their
intensities alike, and its coil shades all contrasts alike. Intensity curves and shading are therefore
shared, also with the truth, and each contrast varies only a little by itself. With independent curves the
network learns to ignore the T1 when it predicts the T1ce.
"""

from __future__ import annotations

import math

import torch
import torch.nn.functional as F
from torch import Tensor

from ... import CEILING, CONTRASTS
from ...data.patients import CODES, intensity

GROUPS = (0, 0, 1, 2)  # T1 and T1ce share an intensity curve
KNOTS = 6  # of an intensity curve
SHARED_CURVE, OWN_CURVE = 0.35, 0.10  # standard deviation of the logarithm of a curve's slopes
GAIN, OFFSET = 0.08, 0.015  # jitter of the anchors: of the spread (relative), of white matter (intensity)
SHARED_SHADING, OWN_SHADING = 0.10, 0.03  # strength of the polynomials
NOISE = 0.03  # largest standard deviation, intensity
TURN, STRETCH = math.radians(15), 0.10  # largest rotation, largest relative scale


def uniform(generator: torch.Generator, *shape: int) -> Tensor:
    """-> random numbers in [0, 1) on the generator's device"""
    return torch.rand(shape, generator=generator, device=generator.device)


def normal(generator: torch.Generator, *shape: int) -> Tensor:
    """-> standard normal numbers on the generator's device"""
    return torch.randn(shape, generator=generator, device=generator.device)


def plain_table(device: torch.device) -> Tensor:
    """-> float32 [256], from code to intensity without augmentation; 0 for the background"""
    return intensity(torch.arange(CODES, device=device))


def curves(generator: torch.Generator, count: int, channels: int, strength: float, pivot: float) -> Tensor:
    """-> [count, channels, 256], rising curves over [0, CEILING] with random slopes, with `pivot` as fixed
    point"""
    slopes = (strength * normal(generator, count * channels, 1, KNOTS)).exp()
    slopes = F.interpolate(slopes, CODES, mode="linear", align_corners=True).view(count, channels, CODES)
    rising = slopes.cumsum(-1)
    rising = rising / rising[..., -1:] * CEILING
    at = round(1 + 199 * pivot)
    return rising - rising[..., at : at + 1] + pivot


def intensity_tables(
    generator: torch.Generator, count: int, pivot: float, strength: float = 1.0
) -> tuple[Tensor, Tensor]:
    """-> two tables [count, 4, 256] from code to intensity: for the sources, and for the truth of contrasts
    whose group has a source; `strength`: 0 changes nothing"""
    groups = max(GROUPS) + 1
    shared = curves(generator, count, groups, strength * SHARED_CURVE, pivot)
    gain = (strength * GAIN * normal(generator, count, groups, 1)).exp()
    shared = pivot + (shared - pivot) * gain + strength * OFFSET * normal(generator, count, groups, 1)
    shared = shared[:, list(GROUPS)]
    own = curves(generator, count, len(CONTRASTS), strength * OWN_CURVE, pivot)
    where = ((shared.clamp(0, CEILING) * 199 + 1).round().long()).clamp(1, CODES - 1)
    sources = own.gather(2, where)
    for table in (shared, sources):
        table[..., 0] = 0
    return sources.clamp(0, CEILING), shared.clamp(0, CEILING)


def maps(
    generator: torch.Generator, centres: Tensor, crop: int, size: int, mirror: bool, turned: bool = True
) -> Tensor:
    """Centres [S, 2] (row, column) of the crops -> [S, 2, 3] for `affine_grid`: random rotation, scale and,
    with `mirror`, mirroring of the columns; not `turned`: mirroring alone, and whole pixels, so that nothing
    is interpolated"""
    count = len(centres)
    if not turned:
        centres = centres.floor() - 0.5  # a crop of an even size
    angle = (2 * uniform(generator, count) - 1) * TURN * turned
    stretch = (1 + (2 * uniform(generator, count) - 1) * STRETCH * turned) * crop / size
    flip = (
        torch.where(uniform(generator, count) < 0.5, -1.0, 1.0)
        if mirror
        else torch.ones(count, device=centres.device)
    )
    cos, sin = angle.cos() * stretch, angle.sin() * stretch
    row, column = ((2 * centres + 1) / size - 1).unbind(1)
    return torch.stack(
        [torch.stack([cos * flip, -sin, column], 1), torch.stack([sin * flip, cos, row], 1)], 1
    )


def warp(planes: Tensor, theta: Tensor, crop: int, mode: str = "bilinear") -> Tensor:
    """[S, C, H, W] and `maps` [S, 2, 3] -> [S, C, crop, crop], zeros outside"""
    grid = F.affine_grid(theta, [len(planes), 1, crop, crop], align_corners=False)
    return F.grid_sample(planes, grid, mode=mode, align_corners=False)


def slice_profiles(generator: torch.Generator, count: int, slices: int) -> Tensor:
    """-> [count, 4, slices, slices], random slice profiles as weights of neighbouring slices: unchanged, mean
    of 3 or of all (thick slices, interpolated), or the centre repeated (thick slices, not interpolated)"""
    index = torch.arange(slices, device=generator.device)
    distance = (index[:, None] - index[None]).abs()
    kinds = [
        (distance == 0).float(),
        (distance <= 1).float(),
        torch.ones_like(distance, dtype=torch.float32),
        (index[None] == slices // 2).float().expand(slices, slices),
    ]
    table = torch.stack([kind / kind.sum(1, keepdim=True) for kind in kinds])
    share = torch.tensor([0.65, 0.15, 0.08, 0.12], device=generator.device)
    drawn = torch.multinomial(share, count * len(CONTRASTS), replacement=True, generator=generator)
    return table[drawn].view(count, len(CONTRASTS), slices, slices)


def shading(generator: torch.Generator, count: int, channels: int, size: int, strength: float) -> Tensor:
    """-> [count, channels, size, size], smooth factors around 1"""
    weights = strength * uniform(generator, count, channels, 1) * normal(generator, count, channels, 4)
    axis = torch.linspace(-1, 1, size, device=generator.device)
    y, x = axis[:, None].expand(size, size), axis[None].expand(size, size)
    basis = torch.stack([x, y, x * y, x * x + y * y - 0.6]).flatten(1)
    return (weights @ basis).exp().unflatten(-1, (size, size))
