"""The distribution of inputs over patients, and the features that the engine takes of a phantom."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from synthesis import CONTRASTS
from synthesis.data.archive import Case, Stored
from synthesis.distribution import fit
from synthesis.distribution.features import Inputs, averaged, coarse, measured

BUNDLES = Path(__file__).resolve().parents[2] / "bundles"
BRIGHT = {"t1": 10.0, "t1ce": 12.0, "t2": 30.0, "flair": 20.0}


def patients(count: int = 60, seed: int = 0, **more: float) -> list[Inputs]:
    """Two inputs a person whose contrasts differ in brightness by several standard deviations."""
    chance = np.random.default_rng(seed)
    made = []
    for n in range(2 * count):
        groups = {role: {"bright": BRIGHT[role], "noise": 1.0} for role in CONTRASTS}
        groups |= {fit.pair(a, b): {"agreement": 0.5} for a in CONTRASTS for b in CONTRASTS if a < b}
        groups["region"] = {"volume": 7.0}
        drawn = {
            group: {name: value + more.get(name, 0.0) + chance.normal() for name, value in own.items()}
            for group, own in groups.items()
        }
        made.append(Inputs(f"P{n // 2} {n % 2}", f"P{n // 2}", drawn, ()))
    return made


def test_distances_are_those_of_mahalanobis() -> None:
    chance = np.random.default_rng(1)
    mixed = chance.normal(size=(4000, 3)) @ np.array([[2.0, 0, 0], [1, 1, 0], [0, 0.5, 3]]).T
    group = fit.fitted(("a", "b", "c"), mixed + 5)
    centred = mixed - mixed.mean(0)
    true = np.einsum("ij,jk,ik->i", centred, np.linalg.inv(np.cov(mixed.T)), centred)
    # The shrinkage makes them a little smaller.
    assert np.corrcoef(group.squared(mixed + 5), true)[0, 1] > 0.95
    assert group.log_determinant == pytest.approx(np.linalg.slogdet(np.cov(mixed.T))[1], abs=0.6)


def test_limits_hold_for_new_patients_and_persons_stay_together() -> None:
    for seen, new in fit.held_out([one.group for one in patients()]):
        groups = [one.group for one in patients()]
        assert not {g for g, s in zip(groups, seen) if s} & {g for g, n in zip(groups, new) if n}
    made = fit.distribution(patients())
    assert made["patients"] == 60
    table = fit.table(patients(400, seed=2))
    fits = fit.fit_all(fit.table(patients()), np.ones(120, bool))
    beyond = [np.sqrt(fits[name].squared(table[name][1])) > made["groups"][name]["limit"] for name in table]
    assert np.any(beyond, 0).mean() < 0.05
    noisy = fit.table(patients(seed=3, noise=8.0))
    assert (np.sqrt(fits["t1"].squared(noisy["t1"][1])) > made["groups"]["t1"]["limit"]).mean() > 0.9


def test_evidence_for_other_roles_is_small_where_contrasts_differ() -> None:
    evidence = {tuple(c["roles"].items()): c["evidence"] for c in fit.distribution(patients())["confusions"]}
    assert evidence[(("t1", "t2"), ("t2", "t1"))] == 0
    assert evidence[(("t1", "t1ce"),)] > 0
    assert len(evidence) == 12 + 6


def test_missing_contrasts_are_left_out() -> None:
    made = patients()
    for one in made[:20]:
        for group in [name for name in one.features if "flair" in name.split("+")]:
            del one.features[group]
    assert fit.distribution(made)["groups"]["flair"]["features"]["bright"]["centre"] == pytest.approx(
        20, abs=0.5
    )


def test_volumes_as_clinics_have_them() -> None:
    image = np.repeat(np.arange(7, dtype=np.uint8)[:, None, None], 2, 1)
    assert averaged(image, 3)[:, 0, 0].tolist() == [1, 4]
    brain = np.zeros((3, 4, 4), bool)
    brain[:2, :2, :2] = True
    assert coarse(brain).tolist() == [[[1, 0], [0, 0]], [[0, 0], [0, 0]]]


def test_the_engine_takes_features_of_every_patient(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    z, y, x = np.ogrid[:130, :192, :192]
    radius = np.sqrt(((z - 65) / 60) ** 2 + ((y - 96) / 80) ** 2 + ((x - 96) / 65) ** 2)
    image = np.stack([60 + 40 * np.sin(radius * k * 4) for k in (1, 2, 3, 4)]) * (radius < 1)
    stored = Stored(image.astype(np.uint8), radius < 1, np.zeros(radius.shape, np.uint8))
    monkeypatch.setattr(Case, "arrays", lambda _: stored)
    fit_contrasts = (True, False, True, True)
    case = Case(
        "P1", tmp_path, "train", "P1", (True,) * 4, fit_contrasts, 1.0, False, False, ((0.0, 1.0),) * 4
    )
    thin, thick = measured([case], BUNDLES / "cdm-tiny", tmp_path)
    assert (thin.id, thick.id, thin.group, thin.findings) == ("P1 thin", "P1 thick", "P1", ())
    assert set(thin.features) == {"t1", "t2", "flair", "t1+t2", "flair+t1", "flair+t2", "region"}
    assert np.isfinite([v for own in thick.features.values() for v in own.values()]).all()
    assert np.exp(thin.features["region"]["volume"]) == pytest.approx(1307, rel=0.02)
