"""Fits the surface correction: a logistic regression on voxels near the surface of out-of-fold masks."""

from __future__ import annotations

import numpy as np
import torch
import torch.nn.functional as F

from .config import SurfaceRule
from .surface import FEATURES, Surface, context, intensity_features, narrow_band


def hat_functions(values: np.ndarray, knots: tuple[float, ...]) -> np.ndarray:
    """[n, FEATURES] -> [n, FEATURES * knots], the coefficients of the curves' values in linear
    interpolation"""
    return np.concatenate(
        [
            np.stack([np.interp(column, knots, unit) for unit in np.eye(len(knots))], -1)
            for column in values.T
        ],
        -1,
    )


Example = tuple[np.ndarray, np.ndarray]
"""Features [n, 2 + FEATURES * knots], and whether each voxel is brain [n]"""


def example(
    brain: np.ndarray,
    probability: np.ndarray,
    volume: np.ndarray,
    truth: np.ndarray,
    rule: SurfaceRule,
    seed: int,
) -> Example:
    """Mask, its probability, image and true mask [Z, H, W] -> random voxels near the mask's surface"""
    band = narrow_band(brain, rule.reach)
    drawn = np.random.default_rng(seed).permutation(np.count_nonzero(band))[: rule.voxels_a_head]
    columns = hat_functions(intensity_features(volume, brain, band, rule.knots[-1])[drawn], rule.knots)
    return np.concatenate([context(probability, brain, band)[drawn], columns], -1).astype(np.float32), truth[
        band
    ][drawn]


def fit_surface(examples: list[Example], rule: SurfaceRule) -> Surface:
    """Logistic regression with a ridge penalty on all coefficients but the bias."""
    inputs = torch.from_numpy(np.concatenate([x for x, _ in examples])).double()
    truth = torch.from_numpy(np.concatenate([y for _, y in examples])).double()
    weights = torch.zeros(1 + inputs.shape[1], dtype=torch.float64, requires_grad=True)
    optimizer = torch.optim.LBFGS([weights], max_iter=300, line_search_fn="strong_wolfe")

    def closure() -> torch.Tensor:
        optimizer.zero_grad()
        loss = (
            F.binary_cross_entropy_with_logits(inputs @ weights[1:] + weights[0], truth)
            + rule.ridge * weights[1:].square().sum()
        )
        loss.backward()
        return loss

    optimizer.step(closure)
    bias, probability, around, *curves = [round(w, 4) for w in weights.tolist()]
    by_name = np.reshape(curves, (len(FEATURES), len(rule.knots))).tolist()
    return Surface(rule.reach, rule.knots, bias, probability, around, dict(zip(FEATURES, by_name)))
