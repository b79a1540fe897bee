"""Uncertainty: the expected absolute error of a prediction (`spread`), from the networks' own error estimate
(`scale`) and image features.

Its logarithm is a weighted sum of terms (`TERMS`; `expectedErrors.ts` in the engine). The weights are fitted
by ridge regression on training patients, each predicted by the member trained without it. A factor brings
90 % of their errors into the band if all other contrasts are given. This holds over all voxels and patients,
not within each patient. With fewer sources the errors are larger than the terms predict, and the band covers
less; how much is measured on patients that neither weights nor factor were fitted on.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.stats import spearmanr

from .uncertainty import BAND, band_factor

TERMS = (
    "scale",
    "gradient",
    "bright",
    "dark",
    "predicted",
    "bright_bright",
    "dark_dark",
    "predicted_predicted",
    "bright_dark",
    "bright_predicted",
    "dark_predicted",
)
EPSILON = 0.003  # lower limit of scales, gradients and errors before their logarithm
RIDGE = 1e-3
DRAWN = 10_000  # voxels a case
GROUPS = 4  # of patients, for the figures on patients that the weights were not fitted on


def terms(scale: np.ndarray, prediction: np.ndarray, sources: np.ndarray, brain: np.ndarray) -> np.ndarray:
    """scale and prediction [Z, H, W], normalized sources [n, Z, H, W], all 0 outside the brain [Z, H, W] ->
    [11, voxels of the brain]"""
    levels = [s[brain] - s[brain].mean(dtype=np.float64) for s in sources]
    bright, dark = np.max(levels, 0), np.min(levels, 0)
    predicted = prediction[brain] - prediction[brain].mean(dtype=np.float64)
    gradient = np.max([slope(s)[brain] for s in sources], 0)
    return np.stack(
        [
            np.log(np.maximum(EPSILON, scale[brain])),
            np.log(np.maximum(EPSILON, gradient)),
            bright,
            dark,
            predicted,
            bright**2,
            dark**2,
            predicted**2,
            bright * dark,
            bright * predicted,
            dark * predicted,
        ]
    )


def slope(volume: np.ndarray) -> np.ndarray:
    """Volume [Z, H, W] -> float64 magnitude of the gradient per voxel, by central differences; the outermost
    voxels are repeated"""
    squares = np.zeros(volume.shape, np.float64)
    for axis in range(3):
        padded = np.pad(volume, [(1, 1) if a == axis else (0, 0) for a in range(3)], mode="edge")
        ahead, behind = (np.take(padded, range(start, start + volume.shape[axis]), axis) for start in (2, 0))
        squares += np.square((ahead - behind) / 2)
    return np.sqrt(squares)


def expected_errors(
    scale: np.ndarray,
    prediction: np.ndarray,
    sources: np.ndarray,
    brain: np.ndarray,
    weights: dict[str, float],
) -> np.ndarray:
    """As `terms` -> the expected absolute error but for the factor, normalized float32 [Z, H, W], 0
    outside"""
    expected = np.zeros(brain.shape, np.float32)
    expected[brain] = np.exp(
        np.tensordot([weights[term] for term in TERMS], terms(scale, prediction, sources, brain), 1)
    )
    return expected


@dataclass(frozen=True)
class Case:
    """Some voxels of one prediction of a training patient."""

    patient: str
    sources: int  # how many it was made from
    terms: np.ndarray  # [11, n]
    error: np.ndarray  # [n], absolute, after the line onto the truth
    slope: float  # of that line

    @staticmethod
    def draw(patient: str, sources: int, every_term: np.ndarray, error: np.ndarray, slope: float) -> Case:
        """`every_term` [11, voxels of the brain], `error` [voxels of the brain]"""
        drawn = np.random.default_rng(0).choice(len(error), min(DRAWN, len(error)), replace=False)
        return Case(patient, sources, every_term[:, drawn], error[drawn], slope)


def fit(cases: list[Case]) -> np.ndarray:
    """-> weights [11] of the terms; the mean error of a case does not matter"""
    left, right = np.zeros((len(TERMS), len(TERMS))), np.zeros(len(TERMS))
    for case in cases:
        x = case.terms - case.terms.mean(1, keepdims=True)
        y = np.log(np.maximum(EPSILON, case.error))
        left += x @ x.T
        right += x @ (y - y.mean())
    return np.linalg.solve(left + RIDGE * np.trace(left) / len(TERMS) * np.eye(len(TERMS)), right)


def fitted(cases: list[Case]) -> dict[str, object]:
    """-> weights and factor that ship; on patients that they were not fitted on: the mean rank correlation
    with the error, voxel by voxel, of the spread, the networks' error estimate and the sources' gradient;
    and, by number of sources, the share of the errors inside the 90 % band"""
    patients, most = sorted({case.patient for case in cases}), max(case.sources for case in cases)
    group_of = {patient: i % GROUPS for i, patient in enumerate(patients)}
    predicted: list[tuple[Case, np.ndarray]] = []  # with the spread by other patients' weights
    for group in range(GROUPS):
        known = [c for c in cases if group_of[c.patient] != group]
        held = [c for c in cases if group_of[c.patient] == group]
        if held and known:
            weights = fit(known)
            predicted += [(c, np.exp(weights @ c.terms)) for c in held]

    def factor(without: int | None = None) -> float:
        return band_factor(
            [
                (c.error, c.slope * spread)
                for c, spread in predicted
                if c.sources == most and group_of[c.patient] != without
            ]
        )

    factors = [factor(group) for group in range(GROUPS)]
    inside: dict[int, list[float]] = {}
    ranks: dict[str, list[float]] = {}
    for case, spread in predicted:
        band = BAND * factors[group_of[case.patient]] * case.slope * spread
        inside.setdefault(case.sources, []).append(float(np.mean(case.error <= band)))
        for name, values in (("spread", spread), ("scale", case.terms[0]), ("gradient", case.terms[1])):
            ranks.setdefault(name, []).append(float(spearmanr(values, case.error).statistic))
    return {
        "weights": {term: round(float(w), 4) for term, w in zip(TERMS, fit(cases))},
        "factor": round(factor(), 4),
        "patients": len(patients),
        **{f"{name}_voxel": round(float(np.mean(found)), 4) for name, found in ranks.items()},
        "coverage_90": {
            str(sources): {
                "cases": len(found),
                "mean": round(float(np.mean(found)), 3),
                "lowest": round(min(found), 3),
            }
            for sources, found in sorted(inside.items(), reverse=True)
        },
    }
