"""How the correction of the surface is fitted: a logistic regression on voxels near the surface of what
left-out networks found."""

from __future__ import annotations

import numpy as np
import torch
import torch.nn.functional as F

from .config import SurfaceRule
from .surface import SEEN, Surface, context, seen, shell


def hats(values: np.ndarray, knots: tuple[float, ...]) -> np.ndarray:
    """[n, SEEN] -> [n, SEEN * knots]: what the curves' values are multiplied by"""
    return np.concatenate(
        [
            np.stack([np.interp(column, knots, unit) for unit in np.eye(len(knots))], -1)
            for column in values.T
        ],
        -1,
    )


Example = tuple[np.ndarray, np.ndarray]
"""[n, 2 + SEEN * knots] and whether each voxel is brain [n]"""


def example(
    brain: np.ndarray,
    probability: np.ndarray,
    volume: np.ndarray,
    truth: np.ndarray,
    rule: SurfaceRule,
    seed: int,
) -> Example:
    """Voxels drawn from the shell of what was found in one head of one contrast."""
    judged = shell(brain, rule.reach)
    drawn = np.random.default_rng(seed).permutation(np.count_nonzero(judged))[: rule.voxels_a_head]
    columns = hats(seen(volume, brain, judged, rule.knots[-1])[drawn], rule.knots)
    return np.concatenate([context(probability, brain, judged)[drawn], columns], -1).astype(
        np.float32
    ), truth[judged][drawn]


def fit_surface(examples: list[Example], rule: SurfaceRule) -> Surface:
    """Logistic regression with a ridge on all but the bias."""
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
    by_name = np.reshape(curves, (len(SEEN), len(rule.knots))).tolist()
    return Surface(rule.reach, rule.knots, bias, probability, around, dict(zip(SEEN, by_name)))
