"""Figures of the networks on patients that they were not trained on."""

from __future__ import annotations

import math
from collections.abc import Sequence
from pathlib import Path

import torch
from tqdm import tqdm

from ...common.files import write_json, write_text
from ...common.tables import Row, column, defined
from ...data.patients import Patients
from .cases import Case, case_of, held_out
from .dose import LEAST, SHOWN, at_dose
from .network import DoseNet
from .predict import predict
from .scores import DOSES, LEGEND, rise, score, table
from .train import trained

WRONG = (0.5, 2.0)
"""Factors by which the dose is told wrongly."""

WRONG_AT = 0.25
LADDER = (0.05, 0.1, 0.2, 0.35, 0.5, 0.75, 1.0)
"""Doses at which the enhancement has to rise."""


def steps_down(values: Sequence[float]) -> float:
    """-> the largest fall from one value to the next, 0 where they only rise"""
    return max([0.0, *(a - b for a, b in zip(values, values[1:]))])


def score_case(network: DoseNet, case: Case, factors: Sequence[float], doses: Sequence[float]) -> list[Row]:
    """-> rows of figures of one patient: each dose with each factor on the simulated noise, and doses that
    are told wrongly"""

    def row(dose: float, told: float, factor: float) -> Row:
        found = predict(network, case.t1, case.low(dose, factor), case.brain, told)
        names = {"dose": f"{dose:.0%}", "told": f"{told:.0%}", "noise": f"{factor:g}"}
        return {**names, **score(case, *found)}

    rows = [row(dose, dose, factor) for factor in factors for dose in doses]
    return [*rows, *(row(WRONG_AT, WRONG_AT * wrong, 1.0) for wrong in WRONG)]


def ladder(network: DoseNet, case: Case) -> Row:
    """-> by how much the enhancement in the tumour falls at most, as a share of the acquired one: with more
    dose in the image (`fall`); where more is to be shown of the same image (`fall_slider`); and how much it
    rises where the same image is said to have more (`fall_told`), of which there should be less to add"""
    full = rise(case, case.t1ce)
    if not math.isfinite(full):
        return {}

    def shown(dose: float, told: float) -> float:
        return rise(case, predict(network, case.t1, case.low(dose), case.brain, told)[0]) / full

    given = [shown(dose, dose) for dose in LADDER]
    told = [shown(WRONG_AT, dose) for dose in LADDER]
    made = predict(network, case.t1, case.low(WRONG_AT), case.brain, WRONG_AT)[0]
    slider = [rise(case, at_dose(case.t1, made, torch.tensor(dose), SHOWN)) / full for dose in LADDER]
    return {
        "patient": case.id,
        "group": case.group,
        "shown": given,
        "fall": steps_down(given),
        "slider": slider,
        "fall_slider": steps_down(slider),
        "told": told,
        "fall_told": steps_down(told[::-1]),
    }


def evaluate(
    patients: Patients,
    run: Path,
    scored: int,
    folds: Sequence[int],
    factors: Sequence[float] = (1.0,),
    doses: Sequence[float] = DOSES,
) -> str:
    """Score at most `scored` patients of the folds, each with the network that was trained without it -> the
    tables; also writes them, and the rows, into `<run>/evaluation.*`. factors: on the simulated noise.

    Raises FileNotFoundError if a fold's network was not trained.
    """
    networks = {fold: trained(run, fold) for fold in folds}
    rows: list[Row] = []
    ladders: list[Row] = []
    for index in tqdm(held_out(patients, scored, folds), desc="evaluate", unit="patient", mininterval=10):
        case = case_of(patients, index)
        rows += score_case(networks[case.fold], case, factors, doses)
        ladders.append(ladder(networks[case.fold], case))
    rows = [{key: defined(value) for key, value in row.items()} for row in rows]
    order = sorted(rows, key=lambda r: (r["noise"], r["dose"], r["told"]))
    falls = [row for row in ladders if row]
    worst = {
        name: max((row[name] for row in falls), default=math.nan)
        for name in ("fall", "fall_slider", "fall_told")
    }
    text = "\n\n".join(
        [
            "# Full dose from a smaller one, out of fold",
            LEGEND,
            table(order, ("dose", "told", "noise")),
            f"From {LADDER[0]:.0%} to {LADDER[-1]:.0%} of the dose the enhancement in the tumour never falls"
            f" by more than {worst['fall']:.1%} of the real one from one dose to the next (mean"
            f" {column(falls, 'fall').text(4)}); where one result from {WRONG_AT:.0%} is to show more, by no"
            f" more than {worst['fall_slider']:.1%}. Where the same image of {WRONG_AT:.0%} is said to have"
            f" more, it never rises by more than {worst['fall_told']:.1%}.\n",
        ]
    )
    write_json(run / "evaluation.json", {"rows": rows, "ladders": ladders, "doses": LADDER, "least": LEAST})
    write_text(run / "evaluation.md", text)
    return text
