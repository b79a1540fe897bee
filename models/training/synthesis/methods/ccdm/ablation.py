"""The choices of the paper, by paired trainings: vicinity and noise of the doses."""

from __future__ import annotations

import zlib
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import torch
from tqdm import tqdm

from ...common import metrics
from ...common.bootstrap import difference
from ...common.files import write_json, write_text
from ...common.tables import Row, column, with_change
from ...data.patients import Patients
from .cases import Case, case_of, held_out
from .evaluate import WRONG_AT, score_case
from .network import DoseNet
from .predict import draw
from .recipe import Recipe
from .scores import DOSES
from .train import train

ARMS: Mapping[str, Mapping[str, Any]] = {
    "hard vicinity, noise by dose": {"vicinity": "hard", "noise": "dose"},
    "soft vicinity": {"vicinity": "soft", "noise": "dose"},
    "no vicinity": {"vicinity": "none", "noise": "dose"},
    "same noise for all doses": {"vicinity": "hard", "noise": "same"},
}
"""What each training has other than the recipe; the others are compared with the first."""

COLUMNS = {"psnr": 2, "precision_share": 3, "missed": 3, "enhancement": 3, "sample_psnr": 2}
"""Columns of the table, and their decimals; `sample_psnr`: of one sample, at `WRONG_AT`."""


def ablate(recipe: Recipe, patients: Patients, run: Path, fold: int, scored: int) -> str:
    """Train a network for each of `ARMS` without the fold, with the same examples, and score at most `scored`
    patients of it -> the table; also writes it, and the rows, into `<run>/ablation.*`. An interrupted
    ablation continues."""
    networks = {
        name: train(replace(recipe, **changes), patients, run / f"arm-{n}", [fold])[fold]
        for n, (name, changes) in enumerate(ARMS.items())
    }
    rows: list[Row] = []
    for index in tqdm(held_out(patients, scored, [fold]), desc="ablate", unit="patient", mininterval=10):
        case = case_of(patients, index)
        for name, network in networks.items():
            for row in score_case(network, case, (1.0,), DOSES):
                sampled = row["dose"] == row["told"] == f"{WRONG_AT:.0%}"
                figures = {"sample_psnr": sample_psnr(network, case)} if sampled else {}
                rows.append({"arm": name, **row, **figures})
    text = f"{recipe.steps} steps of {recipe.batch} examples each.\n\n{table(rows)}\n"
    write_json(run / "ablation.json", {"steps": recipe.steps, "batch": recipe.batch, "rows": rows})
    write_text(run / "ablation.md", text)
    return text


def sample_psnr(network: DoseNet, case: Case) -> float:
    """-> psnr of one sample, of an image of `WRONG_AT` of the dose"""
    white = torch.randn(case.t1.shape, generator=torch.Generator().manual_seed(zlib.crc32(case.id.encode())))
    made = draw(network, case.t1, case.low(WRONG_AT), case.brain, WRONG_AT, white)
    found, truth, brain = (t.numpy() for t in (made, case.t1ce, case.brain))
    return float(metrics.quick(found, truth, brain)["psnr"])


def table(rows: Sequence[Row]) -> str:
    """-> Markdown: every training at every dose, and in brackets the difference to the first one, paired by
    patient, with its standard error"""
    lines = [f"| training | dose | told | n | {' | '.join(COLUMNS)} |", "|---" * (4 + len(COLUMNS)) + "|"]
    groups = {row["patient"]: row["group"] for row in rows}
    first = next(iter(ARMS))
    for dose, told in dict.fromkeys((row["dose"], row["told"]) for row in rows):
        here = [row for row in rows if (row["dose"], row["told"]) == (dose, told)]
        base = [row for row in here if row["arm"] == first]
        for arm in ARMS:
            mine = [row for row in here if row["arm"] == arm]
            cells = []
            for name, digits in COLUMNS.items():
                found = column(mine, name)
                a, b = ({row["patient"]: row[name] for row in part if name in row} for part in (base, mine))
                moved = difference(a, b, groups) if arm != first else None
                cells.append(with_change(found, moved, digits))
            lines.append(f"| {arm} | {dose} | {told} | {len(mine)} | {' | '.join(cells)} |")
    return "\n".join(lines)
