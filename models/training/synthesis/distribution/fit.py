"""The distribution of features over the patients: a robust centre, scales, and a shrunk covariance for each
group of features; limits from patients that were left out of the fit."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Any, TypeVar

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
"""Percentile of the distances of a group or a feature that makes them comparable."""
ALONE = ("noise", "edges", "shading_i", "shading_j", "shading_k")
"""Features of a source that also count alone: what is wrong with an image is often one of them. Sharpness is
none: these patients were all resampled, the reference of a job is not and is sharper."""
FAULTS = ("grain", "repetition_i", "repetition_j", "base_offset_j")
"""Features that each see one fault: they count alone only, as they tell no contrast from another. Their limit
is the largest deviation of any patient: so many more at the PERCENTILE would be too many false alarms."""
BELOW = ("grain",)
"""Of these only too little counts: the reference of a job is not resampled, as these patients were, and has
more."""
REVERSED = ("MSD-BRATS_001",)
"""Patients stored with the front at the back: left out where FAULTS are measured, which see it."""

Key = TypeVar("Key")
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

    def deviations(self, values: np.ndarray) -> np.ndarray:
        """features [N, F] -> standardized deviations, without their sign"""
        return np.abs(values - self.centre) / self.scale

    @property
    def log_determinant(self) -> float:
        """Of the covariance of the features."""
        return float(2 * (np.log(self.scale).sum() - np.log(np.diag(self.whitening)).sum()))


Table = dict[str, tuple[tuple[str, ...], np.ndarray]]
"""By group: the names of its features, and their values [N, F]; NaN where a patient lacks the group."""


def table(inputs: Sequence[Inputs], faults: bool = False) -> Table:
    """-> the features as arrays, groups and names sorted: FAULTS, or the others"""
    groups = sorted({group for one in inputs for group in one.features})
    made: Table = {}
    for group in groups:
        known = next(one.features[group] for one in inputs if group in one.features)
        names = tuple(name for name in sorted(known) if (name in FAULTS) == faults)
        if not names:
            continue
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


@dataclass(frozen=True)
class Limits:
    """What is usual among patients that the fit did not see."""

    distances: dict[str, float]  # largest Mahalanobis distance, by group
    deviations: dict[str, dict[str, float]]  # largest standardized deviation, by group and feature
    evidence: list[tuple[Roles, float]]  # other roles, and the largest evidence for them


def limits(inputs: Sequence[Inputs]) -> Limits:
    """-> the limits; fits leave out each person once

    A job's distance is that of its worst group, relative to the group's TYPICAL percentile; the PERCENTILE
    over the persons limits all groups. Likewise for the features that count ALONE. Of FAULTS and of
    the evidence, from any sources, the largest of any patient limits them.
    """
    features = table(inputs)
    persons = [one.group for one in inputs]
    squared = {group: np.full(len(inputs), np.nan) for group in features}
    alone = {
        (group, name): np.full(len(inputs), np.nan)
        for group, (names, _) in features.items()
        for name in names
        if name in ALONE
    }
    evidence: dict[tuple[tuple[str, str], ...], float] = {}
    for seen, new in held_out(persons):
        fits = fit_all(features, seen)
        for group, (names, values) in features.items():
            squared[group][new] = fits[group].squared(values[new])
            for n, name in enumerate(names):
                if name in ALONE:
                    alone[group, name][new] = fits[group].deviations(values[new])[:, n]
        for size in range(1, len(CONTRASTS) + 1):
            for sources in combinations(CONTRASTS, size):
                own = {role: role for role in sources}
                given = energy(fits, features, new, own)
                for roles in confusions(sources):
                    margin = np.nan_to_num(given - energy(fits, features, new, own | roles))
                    key = tuple(roles.items())
                    evidence[key] = max(evidence.get(key, 0.0), float(margin.max()))
    distances = usual({group: np.sqrt(values) for group, values in squared.items()}, inputs)
    deviations: dict[str, dict[str, float]] = {group: {} for group in features}
    for (group, name), limit in usual(alone, inputs).items():
        deviations[group][name] = limit
    for group, found in largest_faults(upright(inputs)).items():
        deviations[group] |= found
    return Limits(distances, deviations, [(dict(key), value) for key, value in sorted(evidence.items())])


def upright(inputs: Sequence[Inputs]) -> list[Inputs]:
    """-> the inputs without those of REVERSED patients"""
    return [one for one in inputs if one.id.split()[0] not in REVERSED]


def largest_faults(inputs: Sequence[Inputs]) -> dict[str, dict[str, float]]:
    """-> by group and feature, the largest deviation of FAULTS; fits leave out each person once"""
    features = table(inputs, faults=True)
    largest = {group: np.zeros(len(names)) for group, (names, _) in features.items()}
    for seen, new in held_out([one.group for one in inputs]):
        for group, (names, values) in features.items():
            fit = fitted(names, values[seen])
            signed = (values[new] - fit.centre) / fit.scale
            found = np.where([name in BELOW for name in names], -signed, np.abs(signed))
            largest[group] = np.fmax(largest[group], np.fmax.reduce(found))
    return {group: dict(zip(names, largest[group].tolist())) for group, (names, _) in features.items()}


def usual(values: dict[Key, np.ndarray], inputs: Sequence[Inputs]) -> dict[Key, float]:
    """Distances [N] of several kinds -> the largest usual one of each kind: beyond them lie all those persons
    beyond the PERCENTILE, whatever the kind. NaN is left out."""
    if not values:
        return {}
    typical = {key: float(np.nanpercentile(kind, TYPICAL)) for key, kind in values.items()}
    worst = np.nanmax([values[key] / typical[key] for key in values], 0)
    persons: dict[str, float] = {}
    for one, distance in zip(inputs, worst):
        persons[one.group] = max(persons.get(one.group, 0.0), float(distance))
    limit = float(np.percentile(list(persons.values()), PERCENTILE, method="lower"))
    report(inputs, worst, limit)
    return {key: limit * value for key, value in typical.items()}


def report(inputs: Sequence[Inputs], worst: np.ndarray, limit: float) -> None:
    """Print the limit and the most unusual patients."""
    print(f"{len(worst)} inputs of {len({one.group for one in inputs})} persons; limit {limit:.2f}")
    for n in np.argsort(-worst)[:8]:
        print(f"  {worst[n]:6.2f}  {inputs[n].id}")


EXCHANGES: tuple[tuple[tuple[str, ...], Roles], ...] = (
    (("t1", "t2", "flair"), {"t1": "t2", "t2": "t1"}),
    (("t1", "t2", "flair"), {"t2": "flair", "flair": "t2"}),
    (("t1", "t2", "flair"), {"t1": "flair", "flair": "t1"}),
    (("t1", "t1ce", "t2"), {"t1": "t1ce", "t1ce": "t1"}),
    (("t1", "t2", "flair"), {"t1": "t1ce"}),
    (("t1", "t2"), {"t1": "t2", "t2": "t1"}),
)
"""Sources, and what some of them really are, as tests of the limits."""


def report_exchanges(inputs: Sequence[Inputs], largest: Limits) -> None:
    """Print the shares of patients, out of the fit, whose exchanged contrasts are found: by a distance; by
    a distance or the likelihood"""
    features = table(inputs)
    folds = [(fit_all(features, seen), new) for seen, new in held_out([one.group for one in inputs])]
    for sources, truth in EXCHANGES:
        own = {role: truth.get(role, role) for role in sources}
        # The features that the sources really have, under the names that they were given.
        given = {role: features[own[role]] for role in sources}
        given |= {pair(a, b): features[pair(own[a], own[b])] for a, b in combinations(sources, 2)}
        usual = [(roles, limit) for roles, limit in largest.evidence if roles in list(confusions(sources))]
        same = {role: role for role in sources}
        distant, found = [], []
        for fits, new in folds:
            known = ~np.any([np.isnan(values[new]).any(1) for _, values in given.values()], 0)
            far = np.any(
                [
                    np.sqrt(fits[name].squared(values[new])) > largest.distances[name]
                    for name, (_, values) in given.items()
                ],
                0,
            )
            as_given = energy(fits, given, new, same)
            likelier = [as_given - energy(fits, given, new, same | roles) > limit for roles, limit in usual]
            distant.append(far[known])
            found.append((far | np.any(likelier, 0))[known])
        rates = [f"{np.concatenate(part).mean():.2f}" for part in (distant, found)]
        what = ", ".join(f"{role} is {really}" for role, really in truth.items())
        print(f"  of {', '.join(sources)}: {what}: found by distance {rates[0]}, in all {rates[1]}")


def distribution(inputs: Sequence[Inputs]) -> dict[str, Any]:
    """-> the field `input_distribution` of bundle.json"""
    largest = limits(inputs)
    report_exchanges(inputs, largest)
    every = np.ones(len(inputs), bool)
    fits = fit_all(table(inputs), every)
    facing = upright(inputs)
    faults = fit_all(table(facing, faults=True), np.ones(len(facing), bool))
    return {
        "patients": len({one.group for one in inputs}),
        "percentile": PERCENTILE,
        "groups": {
            name: {
                # Those that the distance is of come first.
                "features": described(group, largest.deviations[name])
                | (described(faults[name], largest.deviations[name]) if name in faults else {}),
                "whitening": [[rounded(v) for v in row[: n + 1]] for n, row in enumerate(group.whitening)],
                "limit": rounded(largest.distances[name]),
            }
            for name, group in fits.items()
        },
        "confusions": [{"roles": roles, "evidence": rounded(value)} for roles, value in largest.evidence],
    }


def described(group: Group, limits: dict[str, float]) -> dict[str, dict[str, float]]:
    """-> each feature with its centre, scale and, if it counts alone, its limit"""
    return {
        name: {"centre": rounded(centre), "scale": rounded(scale)}
        | ({"limit": rounded(limits[name])} if name in limits else {})
        | ({"below": True} if name in BELOW else {})
        for name, centre, scale in zip(group.names, group.centre, group.scale)
    }


def rounded(value: float) -> float:
    """-> the value with five significant digits"""
    return float(f"{value:.5g}")
