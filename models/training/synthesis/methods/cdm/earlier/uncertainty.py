"""How well the spread predicts the error, compared with an edge filter on the sources."""

from __future__ import annotations

import numpy as np
from scipy import ndimage as ndi
from scipy.stats import spearmanr

from ....common.metrics import line_onto, scaled

BLOCK = 8  # mm
DRAWN = 200_000  # voxels for the rank correlation
BAND = 2.302585  # -ln(0.1): 90 % of a Laplace distribution lies within this many scales


def error_on_line(prediction: np.ndarray, truth: np.ndarray, brain: np.ndarray) -> tuple[np.ndarray, float]:
    """-> absolute error float32 [Z, H, W] after the least-squares line onto the scaled truth, unclipped, and
    the line's slope"""
    reference = scaled(truth, brain)
    slope, offset, _ = line_onto(prediction, reference, brain)
    return np.where(brain, np.abs(offset + slope * prediction - reference), 0).astype(np.float32), slope


def edges(sources: np.ndarray) -> np.ndarray:
    """normalized sources [n, Z, H, W] -> the largest gradient magnitude among them, a baseline without
    a network"""
    return np.max([ndi.gaussian_gradient_magnitude(s, 1.0) for s in sources], 0)


def rank(map_: np.ndarray, error: np.ndarray, brain: np.ndarray) -> tuple[float, float]:
    """Two maps and the brain [Z, H, W] -> Spearman's correlation voxel by voxel, and of the means of 8 mm
    blocks"""
    where = np.flatnonzero(brain)
    where = np.random.default_rng(0).choice(where, min(DRAWN, len(where)), replace=False)
    voxelwise = spearmanr(map_.ravel()[where], error.ravel()[where]).statistic
    shape = tuple(n // BLOCK * BLOCK for n in brain.shape)

    def blocks(a: np.ndarray) -> np.ndarray:
        z, y, x = shape
        return a[:z, :y, :x].reshape(z // BLOCK, BLOCK, y // BLOCK, BLOCK, x // BLOCK, BLOCK).sum((1, 3, 5))

    weight = blocks(brain.astype(np.float32))
    full = weight > 0.5 * BLOCK**3
    return float(voxelwise), float(
        spearmanr(*(blocks(m * brain)[full] / weight[full] for m in (map_, error))).statistic
    )


def measure(
    mean: np.ndarray,
    spread: np.ndarray,
    sample_std: np.ndarray,
    truth: np.ndarray,
    sources: np.ndarray,
    brain: np.ndarray,
) -> dict[str, float]:
    """Volumes [Z, H, W], normalized; sources [n, Z, H, W] -> rank correlations, variance ratios and coverage.

    `sample_std`: the standard deviation of the samples alone, without the networks' error estimate.
    """
    error, slope = error_on_line(mean, truth, brain)
    found = {}
    for name, map_ in (("spread", spread), ("samples", sample_std), ("edges", edges(sources))):
        found[f"{name}_voxel"], found[f"{name}_block"] = (round(r, 4) for r in rank(map_, error, brain))
    residual = float(np.square(error[brain]).mean())
    return {
        **found,
        "sample_variance_ratio": round(float(np.square(slope * sample_std[brain]).mean()) / residual, 4),
        # the variance of a Laplace distribution is 2 b^2
        "spread_variance_ratio": round(2 * float(np.square(slope * spread[brain]).mean()) / residual, 4),
        "coverage_90": round(float((error <= BAND * slope * spread)[brain].mean()), 4),
    }


def band_factor(errors_and_spreads: list[tuple[np.ndarray, np.ndarray]]) -> float:
    """Errors and spreads [n] of out-of-fold patients -> the factor on the spread with which 90 % of the
    errors lie inside the band"""
    if not errors_and_spreads:
        return 1.0
    ratio = np.concatenate([e / np.maximum(BAND * s, 1e-6) for e, s in errors_and_spreads])
    return float(np.percentile(ratio, 90))
