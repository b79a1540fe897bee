"""Smooth multiplicative shading of the receive field: a second-order polynomial in the logarithm, fitted to
white matter.

After Dawant, Zijdenbos and Margolin (IEEE TMI 1993): a tissue that is present everywhere shows the field. Fit
and white matter segmentation alternate, because white matter is segmented by ranks, which the field changes.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from .. import FLAIR, T1, T1CE, T2
from .white_matter import healthy_inside, white_matter

REACH = 80.0  # mm that the coordinates are divided by, about half a brain
WEAKEST, STRONGEST = 0.6, 1.6  # limits of the factor: beyond them it is extrapolated
ROUNDS = 3
SAMPLES = 30_000  # white matter voxels of a fit
RIDGE = 0.01  # penalty of the field's variance over the brain, relative to the residuals' in white matter
REWEIGHTINGS = 8
FLAT = 0.02  # quantile regression treats smaller residuals alike
LEVELS = {T1: 0.7, T1CE: 0.7, T2: 0.3, FLAIR: 0.4}  # quantile of the healthy brain near white matter
DARK = 0.02  # lower limit of the intensity before its logarithm


@dataclass(frozen=True)
class Shading:
    """log factor = coefficients . (1, z, y, x, zz, zy, zx, yy, yx, xx), coordinates in mm from `centre` over
    REACH"""

    centre: tuple[float, float, float]  # voxel z, y, x
    coefficients: tuple[float, ...]  # [10]

    def factor(self, shape: tuple[int, int, int], slice_spacing: float) -> np.ndarray:
        """-> float32 [Z, Y, X], the factor on the true signal; its mean logarithm over white matter is 0"""
        z, y, x = (
            ((np.arange(n) - c) * step / REACH).astype(np.float32)
            for n, c, step in zip(shape, self.centre, (slice_spacing, 1, 1), strict=True)
        )
        z, y, x = z[:, None, None], y[None, :, None], x[None, None, :]
        c = np.asarray(self.coefficients, np.float32)
        strength = (
            c[0]
            + z * (c[1] + c[4] * z + c[5] * y + c[6] * x)
            + y * (c[2] + c[7] * y + c[8] * x)
            + x * (c[3] + c[9] * x)
        )
        return np.asarray(np.exp(np.clip(strength, math.log(WEAKEST), math.log(STRONGEST))))


def without(volume: np.ndarray, factor: np.ndarray, floor: float) -> np.ndarray:
    """Intensity and its factor [Z, Y, X] -> intensity without shading; `floor`: distance from the scanner's
    zero to 0, in intensity"""
    return np.asarray((volume + np.float32(floor)) / factor - np.float32(floor))


def with_shading(volume: np.ndarray, factor: np.ndarray, floor: float) -> np.ndarray:
    """The inverse of `without`."""
    return np.asarray((volume + np.float32(floor)) * factor - np.float32(floor))


def fit_shading(
    volumes: Mapping[int, np.ndarray],
    brain: np.ndarray,
    lesion: np.ndarray,
    floors: Mapping[int, float],
    slice_spacing: float = 1.0,
) -> dict[int, Shading]:
    """-> the shading of each contrast

    volumes: stored intensity, float [Z, Y, X] by contrast; brain, lesion: bool [Z, Y, X]; floors: see
    `without`, by contrast. The first fit follows a quantile of the whole healthy brain near white matter: a
    segmentation by ranks would keep only the brighter part of a shaded brain.
    """
    healthy = healthy_inside(brain, lesion, slice_spacing)
    found = {
        c: fit_one(v, healthy, brain, floors[c], slice_spacing, around_quantile(LEVELS[c]))
        for c, v in volumes.items()
    }
    for _ in range(ROUNDS):
        corrected = {
            c: without(v, found[c].factor(brain.shape, slice_spacing), floors[c]) for c, v in volumes.items()
        }
        white = white_matter(corrected, brain, lesion, slice_spacing)
        found = {
            c: fit_one(v, white, brain, floors[c], slice_spacing, around_centre) for c, v in volumes.items()
        }
    return found


def around_centre(residual: np.ndarray) -> np.ndarray:
    """Residuals [N] -> Cauchy weights [N]"""
    spread = max(float(np.median(np.abs(residual))) / 0.6745, 1e-6)
    return 1 / (1 + (residual / (2.385 * spread)) ** 2)


def around_quantile(level: float) -> Callable[[np.ndarray], np.ndarray]:
    """-> the weights of quantile regression, from residuals [N] to [N]"""
    return lambda residual: np.where(residual > 0, level, 1 - level) / np.maximum(np.abs(residual), FLAT)


def fit_one(
    volume: np.ndarray,
    mask: np.ndarray,
    brain: np.ndarray,
    floor: float,
    slice_spacing: float,
    weigh: Callable[[np.ndarray], np.ndarray],
) -> Shading:
    """Intensity, mask and brain [Z, Y, X] -> the shading in the mask by iteratively reweighted least squares;
    factor 1 if the mask is too small"""
    inside = spread_over(brain, SAMPLES)
    centre = inside.mean(0)
    everywhere = monomials(inside, centre, slice_spacing)
    places = spread_over(mask, SAMPLES)
    if len(places) < 10 * everywhere.shape[1]:
        return Shading(to_triple(centre), (0.0,) * everywhere.shape[1])
    basis = monomials(places, centre, slice_spacing)
    value = np.log(np.maximum(volume[tuple(places.T)].astype(np.float64) + floor, DARK))
    penalty = RIDGE * np.cov(everywhere[:, 1:], rowvar=False)
    residual = value - np.median(value)
    for _ in range(REWEIGHTINGS):
        weight = weigh(residual)
        weight /= weight.sum()
        mean, level = weight @ basis[:, 1:], weight @ value
        centred = basis[:, 1:] - mean
        slopes = np.linalg.solve(
            (centred * weight[:, None]).T @ centred + penalty, (centred * weight[:, None]).T @ (value - level)
        )
        residual = value - level - centred @ slopes
    coefficients = np.concatenate([[-mean @ slopes], slopes])
    return Shading(to_triple(centre), tuple(float(v) for v in coefficients))


def spread_over(mask: np.ndarray, count: int) -> np.ndarray:
    """-> at most `count` voxels of the mask at even distances in memory, int [N, 3]. The engine takes the
    same ones."""
    flat = np.flatnonzero(mask)
    if len(flat) > count:
        flat = flat[np.arange(count) * len(flat) // count]
    return np.stack(np.unravel_index(flat, mask.shape), axis=1)


def monomials(places: np.ndarray, centre: np.ndarray, slice_spacing: float) -> np.ndarray:
    """Voxels [N, 3] -> [N, 10], see `Shading`"""
    z, y, x = ((places - centre) * (slice_spacing, 1, 1) / REACH).T
    return np.stack([np.ones_like(z), z, y, x, z * z, z * y, z * x, y * y, y * x, x * x], axis=1)


def to_triple(values: np.ndarray | Sequence[float]) -> tuple[float, float, float]:
    """The first three values as floats."""
    return float(values[0]), float(values[1]), float(values[2])
