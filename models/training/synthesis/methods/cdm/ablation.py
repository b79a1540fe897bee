"""Cumulative ablation of the recipe by paired trainings on one fold, and the learning curve over the number
of patients."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np

from ... import CONTRASTS
from ...common.bootstrap import Interval
from ...common.evaluate import evaluate
from ...common.fold_training import training_indices
from ...common.tables import Row, change, column, with_change
from ...common.training import Schedule
from ...data.patients import Patients
from ...data.prepare import DESHADED
from .predict import predictor
from .recipe import Recipe
from .train_cunet import train_cunet

FOLD = 0
COUNTS = (8, 16, 32, 64)  # patients of the learning curve, besides all

STEPS: dict[str, dict[str, Any]] = {
    "base": {"variant": "stored", "all_targets": False, "planes": 1, "lesion_head": False, "paste": False},
    "anchors": {"variant": "anchored"},
    "registration": {"variant": "prepared"},
    "outputs and planes": {"all_targets": True, "planes": 3},
    "lesion head": {"lesion_head": True},
    "paste": {"paste": True},
    "axial crops": {"planes": 1},
}
"""Each step adds its settings to those before it."""

COLUMNS = {
    "psnr": 2,
    "psnr_restored": 2,
    "psnr_prepared": 2,
    "ssim": 3,
    "lesion_bias": 3,
    "lesion_contrast_ratio": 2,
}


def recipe_at(recipe: Recipe, name: str) -> Recipe:
    """-> the recipe with the settings of all steps up to `name`. Raises ValueError for an unknown step."""
    for step, settings in STEPS.items():
        recipe = replace(recipe, **settings)
        if step == name:
            return recipe
    raise ValueError(f"no step {name!r}; there are {', '.join(STEPS)}")


def held_out(patients: Patients, count: int, fold: int = FOLD) -> list[int]:
    """-> indices of `count` patients of the fold, evenly spread over its list"""
    mine = patients.where(lambda r: r.fold == fold)
    count = min(count, len(mine))
    return [mine[i] for i in np.unique(np.linspace(0, len(mine) - 1, count).round().astype(int))]


def run_name(name: str) -> str:
    """-> the name of a training's files"""
    return name.replace(" ", "-")


@dataclass(frozen=True)
class Truth:
    """The scored patients, as stored and prepared."""

    stored: Patients
    prepared: Patients


def measure(
    recipe: Recipe, patients: Patients, chosen: list[int], truth: Truth, run: Path, name: str, steps: int
) -> None:
    """Train on `chosen`, score the patients of `truth`; finished parts are not repeated."""
    schedule = Schedule(recipe.rate, steps=steps)
    network = train_cunet(recipe, patients, chosen, schedule, name=run_name(name), run=run, seed=recipe.seed)
    scored = {record.id for record in truth.stored.records}
    evaluate(
        {FOLD: predictor(network)},
        patients,
        truth.stored,
        run / run_name(name),
        split="train",
        fast=True,
        indices=patients.where(lambda r: r.id in scored),
        prepared=truth.prepared,
        deshaded=recipe.variant in DESHADED,
    )


def figures(run: Path, name: str) -> list[Row] | None:
    """-> the rows of a scored training, or None"""
    file = run / run_name(name) / "evaluation" / "train-all-others-fast.json"
    return json.loads(file.read_text())["rows"] if file.exists() else None


def ablation_table(run: Path) -> str:
    """-> Markdown: every step, and in brackets its difference to the finished step before, paired by patient,
    with the standard error of the difference"""
    lines = [f"| step | target | n | {' | '.join(COLUMNS)} |", "|" + "---|" * (3 + len(COLUMNS))]
    before: list[Row] | None = None
    for name in STEPS:
        rows = figures(run, name)
        if rows is None:
            continue
        for target in CONTRASTS:
            mine = [row for row in rows if row["target"] == target]
            cells = []
            for key, digits in COLUMNS.items():
                found = column(mine, key)
                moved = change(before, rows, key, target) if before else None
                cells.append(with_change(found, moved, digits))
            lines.append(f"| {name} | {target} | {len(mine)} | {' | '.join(cells)} |")
        before = rows
    return "\n".join(lines) + "\n"


def curve_name(count: int, total: int) -> str:
    """-> the name of a training of the curve; with all patients that of the last step, which is the same"""
    return list(STEPS)[-1] if count == total else f"patients {count}"


def nested(patients: Patients, seed: int, count: int) -> list[int]:
    """-> indices of the first `count` patients outside the fold in one random order, complete ones first, so
    that larger sets contain smaller ones"""
    chosen = np.random.default_rng(seed).permutation(training_indices(patients, FOLD)).tolist()
    return sorted(sorted(chosen, key=lambda i: patients.records[i].split != "train")[:count])


def draw_curve(run: Path, names: Mapping[int, str]) -> None:
    """Write psnr over the number of patients, by target, as a PNG and a table into the run folder."""
    from matplotlib.figure import Figure

    figure = Figure(figsize=(6, 4), layout="constrained")
    axes = figure.subplots()
    lines = ["| patients | " + " | ".join(CONTRASTS) + " |", "|---|" + "---|" * len(CONTRASTS)]
    found: dict[int, list[Interval]] = {}
    for count, name in names.items():
        rows = figures(run, name)
        if rows is not None:
            found[count] = [
                column([row for row in rows if row["target"] == target], "psnr") for target in CONTRASTS
            ]
            lines.append(f"| {count} | " + " | ".join(i.text() for i in found[count]) + " |")
    for target, contrast in enumerate(CONTRASTS):
        axes.plot(
            list(found), [intervals[target].mean for intervals in found.values()], marker="o", label=contrast
        )
    axes.set(xscale="log", xlabel="patients", ylabel="psnr, dB", title="Same number of steps")
    axes.set_xticks(list(found), [str(count) for count in found])
    axes.legend()
    figure.savefig(run / "learning-curve.png", dpi=110)
    (run / "learning-curve.md").write_text("\n".join(lines) + "\n")
