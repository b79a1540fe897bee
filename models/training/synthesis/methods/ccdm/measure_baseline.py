"""How far scaling the difference image goes, out of fold: what a network has to beat."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from tqdm import tqdm

from ...common.files import write_json, write_text
from ...common.tables import Row, defined
from ...data.folds import FOLDS
from ...data.patients import Patients
from .baseline import Moments, best_gain, moments, scaled
from .cases import case_of, held_out
from .scores import DOSES, LEGEND, score, table

FITTED = 18
"""Patients at most that the factors are fitted to: one factor needs no more."""


def fit_gains(patients: Patients, doses: Sequence[float], factor: float) -> dict[tuple[int, float], float]:
    """-> by fold and dose the factor that fits the patients of the other folds"""
    found: dict[tuple[int, float], list[Moments]] = {}
    chosen = held_out(patients, FITTED)
    for index in tqdm(chosen, desc="fit", unit="patient", mininterval=10):
        case = case_of(patients, index)
        for dose in doses:
            found.setdefault((case.fold, dose), []).append(
                moments(case.t1, case.low(dose, factor), case.t1ce, case.brain)
            )
    folds = {fold for fold, _ in found}
    return {
        (fold, dose): best_gain(m for (f, d), ms in found.items() if f != fold and d == dose for m in ms)
        for fold in folds
        for dose in doses
    }


def measure_baseline(
    patients: Patients,
    run: Path,
    scored: int,
    factors: Sequence[float] = (1.0,),
    doses: Sequence[float] = DOSES,
    folds: Sequence[int] = range(FOLDS),
) -> str:
    """Score the best linear scaling of the difference image of at most `scored` patients of the folds, fitted
    to the other folds' patients, beside the acquired T1ce -> the table; also writes it, and the rows, into
    `<run>/baseline.*`.

    factors: on the noise that the simulation adds. Raises ValueError if the patients have fewer than two
    folds.
    """
    rows: list[Row] = []
    gains = {factor: fit_gains(patients, doses, factor) for factor in factors}
    for index in tqdm(held_out(patients, scored, folds), desc="baseline", unit="patient", mininterval=10):
        case = case_of(patients, index)
        rows.append({"dose": "acquired", "noise": "-", "gain": 1.0, **score(case, case.t1ce)})
        for factor in factors:
            for dose in doses:
                gain = gains[factor][case.fold, dose]
                made = scaled(case.t1, case.low(dose, factor), gain)
                rows.append(
                    {"dose": f"{dose:.0%}", "noise": f"{factor:g}", "gain": gain, **score(case, made)}
                )
    rows = [{key: defined(value) for key, value in row.items()} for row in rows]
    shown = table(sorted(rows, key=lambda r: (r["noise"], r["dose"])), ("dose", "noise"))
    text = f"# Best linear scaling of the difference image\n\n{LEGEND}\n\n{shown}\n"
    run.mkdir(parents=True, exist_ok=True)
    write_json(run / "baseline.json", {"rows": rows})
    write_text(run / "baseline.md", text)
    return text
