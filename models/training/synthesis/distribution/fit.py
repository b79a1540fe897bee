"""The distribution of features over the patients: a robust centre, scales, and a shrunk covariance for each
group of features; limits from patients that were left out of the fit."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Any

import numpy as np

from .. import CONTRASTS
from .features import Inputs

FOLDS = 10
PERCENTILE = 99
SHRINKAGE = 0.1
"""Weight of a multiple of the identity in the covariance of the standardized features."""
SMALLEST_SCALE = 0.005
"""Smallest scale of a feature: the share of black voxels hardly varies between patients."""
OUTLIER = 6
"""Standardized features are cut here in the fit, so that one patient does not stretch the covariance."""
TYPICAL = 95
"""Percentile of a group's distances that makes groups comparable."""

Roles = dict[str, str]  # what each source is given as -> the role whose statistics it is compared with


@dataclass(frozen=True)
class Group:
    """The features of one group over the patients."""

    names: tuple[str, ...]
    centre: np.ndarray
    scale: np.ndarray
    whitening: np.ndarray  # lower triangular: |whitening @ (x - centre) / scale| is the Mahalanobis distance

    def squared(self, values: np.ndarray) -> np.ndarray:
        """features [N, F] -> squared Mahalanobis distances [N]"""
        return (((values - self.centre) / self.scale @ self.whitening.T) ** 2).sum(1)

    @property
    def log_determinant(self) -> float:
        """Of the covariance of the features."""
        return float(2 * (np.log(self.scale).sum() - np.log(np.diag(self.whitening)).sum()))


Table = dict[str, tuple[tuple[str, ...], np.ndarray]]
"""By group: the names of its features, and their values [N, F]; NaN where a patient lacks the group."""


def table(inputs: Sequence[Inputs]) -> Table:
    """-> the features as arrays, groups and names sorted"""
    groups = sorted({group for one in inputs for group in one.features})
    made: Table = {}
    for group in groups:
        names = tuple(sorted(next(one.features[group] for one in inputs if group in one.features)))
        rows = [
            [one.features[group][name] if group in one.features else np.nan for name in names]
            for one in inputs
        ]
        made[group] = (names, np.array(rows))
    return made


def fitted(names: tuple[str, ...], values: np.ndarray) -> Group:
    """Features [N, F] -> their distribution; rows of NaN are left out"""
    known = values[~np.isnan(values).any(1)]
    median = np.median(known, 0)
    low, high = np.percentile(known, (16, 84), axis=0)
    scale = np.maximum((high - low) / 2, SMALLEST_SCALE)
    standard = np.clip((known - median) / scale, -OUTLIER, OUTLIER)
    covariance = np.atleast_2d(np.cov(standard.T))
    identity = np.eye(len(names)) * np.trace(covariance) / len(names)
    shrunk = (1 - SHRINKAGE) * covariance + SHRINKAGE * identity
    # The lower triangular matrix whose square is the inverse of the covariance.
    whitening = np.linalg.inv(np.linalg.cholesky(shrunk))
    return Group(names, median + standard.mean(0) * scale, scale, whitening)


def fit_all(features: Table, rows: np.ndarray) -> dict[str, Group]:
    """-> every group's distribution over these rows"""
    return {group: fitted(names, values[rows]) for group, (names, values) in features.items()}


def held_out(groups: Sequence[str], seed: int = 0) -> Iterator[tuple[np.ndarray, np.ndarray]]:
    """The person of each row -> for each fold the rows to fit on and those to judge, by person"""
    persons = np.random.default_rng(seed).permutation(sorted(set(groups)))
    fold = {person: n % FOLDS for n, person in enumerate(persons)}
    own = np.array([fold[group] for group in groups])
    for n in range(FOLDS):
        yield own != n, own == n


def pair(one: str, other: str) -> str:
    """-> the name of the group of two sources"""
    return "+".join(sorted((one, other)))


def energy(fits: dict[str, Group], features: Table, rows: np.ndarray, roles: Roles) -> np.ndarray:
    """-> [N], minus twice the log likelihood that the sources have these roles, but for a constant"""
    total = np.zeros(int(rows.sum()))
    singles = list(roles.items())
    pairs = [(pair(a, b), pair(x, y)) for (a, x), (b, y) in combinations(singles, 2)]
    for given, compared in singles + pairs:
        group = fits[compared]
        total += group.squared(features[given][1][rows]) + group.log_determinant
    return total


def confusions(sources: Sequence[str]) -> Iterator[Roles]:
    """-> ways in which one source may have another role, or two each other's: the roles that change"""
    for one in sources:
        for other in CONTRASTS:
            if other not in sources:
                yield {one: other}
            elif one < other:
                yield {one: other, other: one}


def limits(inputs: Sequence[Inputs]) -> tuple[dict[str, float], list[tuple[Roles, float]]]:
    """-> the largest usual Mahalanobis distance by group; other roles with the largest usual evidence for
    them; both from patients that the fit did not see

    A job's distance is that of its worst group, relative to the group's TYPICAL percentile: its PERCENTILE
    over the patients is the limit of them all. The evidence is the largest of any patient, from any sources.
    """
    features = table(inputs)
    persons = [one.group for one in inputs]
    squared = {group: np.full(len(inputs), np.nan) for group in features}
    evidence: dict[tuple[tuple[str, str], ...], float] = {}
    for seen, new in held_out(persons):
        fits = fit_all(features, seen)
        for group, (_, values) in features.items():
            squared[group][new] = fits[group].squared(values[new])
        for size in range(1, len(CONTRASTS) + 1):
            for sources in combinations(CONTRASTS, size):
                own = {role: role for role in sources}
                given = energy(fits, features, new, own)
                for roles in confusions(sources):
                    margin = np.nan_to_num(given - energy(fits, features, new, own | roles))
                    key = tuple(roles.items())
                    evidence[key] = max(evidence.get(key, 0.0), float(margin.max()))
    typical = {group: float(np.nanpercentile(values, TYPICAL)) for group, values in squared.items()}
    worst = np.nanmax([squared[group] / typical[group] for group in squared], 0)
    limit = float(np.percentile(worst, PERCENTILE))
    report(inputs, worst, limit)
    largest = {group: float(np.sqrt(limit * value)) for group, value in typical.items()}
    return largest, [(dict(key), value) for key, value in sorted(evidence.items())]


def report(inputs: Sequence[Inputs], worst: np.ndarray, limit: float) -> None:
    """Print the limit and the most unusual patients."""
    print(f"{len(worst)} inputs of {len({one.group for one in inputs})} persons; limit {limit:.2f}")
    for n in np.argsort(-worst)[:8]:
        print(f"  {worst[n]:6.2f}  {inputs[n].id}")


def distribution(inputs: Sequence[Inputs]) -> dict[str, Any]:
    """-> the field `input_distribution` of bundle.json"""
    largest, evidence = limits(inputs)
    fits = fit_all(table(inputs), np.ones(len(inputs), bool))
    return {
        "patients": len({one.group for one in inputs}),
        "percentile": PERCENTILE,
        "groups": {
            name: {
                "features": {
                    feature: [rounded(centre), rounded(scale)]
                    for feature, centre, scale in zip(group.names, group.centre, group.scale)
                },
                "whitening": [[rounded(v) for v in row[: n + 1]] for n, row in enumerate(group.whitening)],
                "limit": rounded(largest[name]),
            }
            for name, group in fits.items()
        },
        "confusions": [{"roles": roles, "evidence": rounded(value)} for roles, value in evidence],
    }


def rounded(value: float) -> float:
    """-> the value with five significant digits"""
    return float(f"{value:.5g}")
