"""Intensity calibration: a monotone piecewise linear curve that is applied to a prediction.

Networks trained on few patients compress the brightest and the darkest tissue. The curve moves the quantiles
of out-of-fold predictions of training patients part of the way to those of the truth, and leaves mean and
standard deviation as predicted. A monotone curve adds no structure and removes none.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from ....common.metrics import fitted as on_line
from ....common.metrics import psnr, scaled
from . import CEILING

PERCENTS = (0.2, 0.5, 1, 2, 5, 10, 20, 30, 40, 50, 60, 70, 80, 90, 95, 98, 99, 99.5, 99.8)
STRENGTHS = (0.0, 0.25, 0.5, 0.75, 1.0)
LOSS = 0.03  # dB of psnr that a curve may cost
DRAWN = 50_000  # voxels a patient
GROUPS = 4  # of patients, for the figures on patients that the curve was not fitted on
STEP = 1e-3  # knots of a curve are at least so far apart

Curve = dict[str, list[float]]


def quantiles(prediction: np.ndarray, truth: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Values in the brain [n] -> quantiles [19] of the prediction, and of the truth with the prediction's
    mean and standard deviation"""
    standardized = (truth - truth.mean()) / max(
        float(truth.std()), 1e-6
    ) * prediction.std() + prediction.mean()
    return np.percentile(prediction, PERCENTS), np.percentile(standardized, PERCENTS)


def curve(pairs: list[tuple[np.ndarray, np.ndarray]], strength: float) -> Curve:
    """`quantiles` of some patients, strength in [0, 1] (0: no change, 1: quantiles of the truth) -> the curve
    over [0, CEILING]"""
    before, after = (np.mean(side, 0) for side in zip(*pairs))
    before = np.concatenate([[0], before, [CEILING]])
    after = np.concatenate([[0], after, [CEILING]])
    to = np.clip((1 - strength) * before + strength * after, 0, CEILING)
    kept = [0]
    for k in range(1, len(before)):
        if before[k] - before[kept[-1]] > STEP and to[k] - to[kept[-1]] > STEP:
            kept.append(k)
    return {"from": [round(float(before[k]), 4) for k in kept], "to": [round(float(to[k]), 4) for k in kept]}


def calibrated(values: np.ndarray, curve: Curve) -> np.ndarray:
    """Normalized values of any shape -> the same through the curve"""
    return np.interp(values, curve["from"], curve["to"])


@dataclass(frozen=True)
class Case:
    """Some voxels of one prediction of a training patient, and their truth."""

    prediction: np.ndarray
    truth: np.ndarray

    @staticmethod
    def draw(prediction: np.ndarray, truth: np.ndarray) -> Case:
        """Values in the brain [n] -> at most DRAWN of them"""
        drawn = np.random.default_rng(0).choice(len(truth), min(DRAWN, len(truth)), replace=False)
        return Case(prediction[drawn], truth[drawn])

    def scores(self, curve: Curve) -> tuple[float, float]:
        """-> psnr and psnr_brasyn (dB, `metrics.py`) of the calibrated prediction"""
        everywhere = np.ones(self.truth.shape, bool)
        values, truth = calibrated(self.prediction, curve), scaled(self.truth, everywhere)
        return psnr(on_line(values, truth, everywhere)[0], truth, everywhere), psnr(
            scaled(values, everywhere), truth, everywhere
        )


def fitted(cases: list[Case]) -> dict[str, Any]:
    """-> scores of each strength on patients that the curve was not fitted on, the strength chosen, and the
    curve that ships"""
    pairs = [quantiles(c.prediction, c.truth) for c in cases]
    table = {}
    for strength in STRENGTHS:
        scores = []
        for group in range(GROUPS):
            known = [p for i, p in enumerate(pairs) if i % GROUPS != group]
            if known:
                scores += [c.scores(curve(known, strength)) for c in cases[group::GROUPS]]
        table[str(strength)] = (
            dict(zip(("psnr", "psnr_brasyn"), (round(float(v), 3) for v in np.mean(scores, 0))))
            if scores
            else {}
        )
    enough = [s for s in STRENGTHS if table[str(s)] and table[str(s)]["psnr"] >= table["0.0"]["psnr"] - LOSS]
    strength = max(enough, default=0.0)
    return {"patients": len(cases), "strengths": table, "strength": strength, "curve": curve(pairs, strength)}
