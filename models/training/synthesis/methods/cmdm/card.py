"""The model card of a bundle, generated from its manifest and its `evaluation.json` alone."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from ...common.bootstrap import Interval
from ...common.card_opening import opening
from ...common.fold_card import (
    Check,
    Figures,
    Manifest,
    graph_sizes,
    holds,
    measured,
    size_mb,
    write_fold_card,
)
from ...common.tables import NAMES, Row, change, column, defined
from ...common.tables import table as rows_table
from .evaluate import COLUMNS, LEGEND, PRIOR, REFINED, extent
from .export import PRIOR as PRIOR_NETWORK
from .export import REFINE

CAUTION = (
    "**Its fine texture is drawn at random**: it looks like an acquired image and is not one. A synthetic"
    " T1ce cannot know gadolinium uptake: the absence of enhancement in it excludes nothing."
)
SHARPNESS = (0.8, 1.1)
"""Asked: high-frequency energy over that of the acquired image."""

MOST_LOST = 0.7
"""Asked: dB of psnr that refining may cost."""

METRICS = ("psnr", "ssim", "sharpness", "rank", "lesion_contrast_ratio", "false_ml")


def gather(run: Path, fold: int | None = None) -> Figures:
    """Figures of `evaluate` and `table` in a run -> what `evaluation.json` holds

    fold: the one whose network ships, where it is not that on all patients. Raises FileNotFoundError where
    `evaluate` was not run.
    """
    figures = json.loads((run / "evaluation.json").read_text()) | {"fold": fold}
    compared = run / "table.json"
    return figures | ({"table": json.loads(compared.read_text())} if compared.exists() else {})


def card(manifest: Manifest, figures: Figures) -> str:
    """-> Markdown"""
    lines = opening(manifest, f"{size_mb(manifest):.1f} MB in all", CAUTION)
    if figures:
        lines += asked(figures) + beside_prior(figures) + ways(figures)
    return "\n".join(lines + networks(manifest)).rstrip() + "\n"


def results(figures: Figures) -> tuple[list[Row], list[Row]]:
    """-> the rows of the prior, and of the refined images"""
    prior, refined = (
        [row for row in figures["rows"] if row["result"] == result] for result in (PRIOR, REFINED)
    )
    return prior, refined


def targets_of(figures: Figures) -> list[str]:
    """-> the names of what was made"""
    return sorted({row["target"] for row in figures["rows"]}, key=NAMES.index)


def asked(figures: Figures) -> list[str]:
    """What was asked of it, and whether it holds."""
    prior, refined = results(figures)
    checks: list[Check] = []
    for target in targets_of(figures):
        sharpness = column([row for row in refined if row["target"] == target], "sharpness")
        least, most = SHARPNESS
        checks.append(
            (
                f"{target}: high-frequency energy over that of the acquired image",
                sharpness.text(2),
                f"{least} to {most}",
                holds(sharpness, least, most),
            )
        )
        for name, what, digits, least, most, wanted in (
            ("psnr", "psnr beside the prior, dB", 2, -MOST_LOST, math.inf, f"at least {-MOST_LOST}"),
            ("lesion_contrast_ratio", "contrast of lesions beside the prior's", 2, 0.0, math.inf, "no less"),
            ("false_ml", "false enhancement beside the prior's, mL", 2, -math.inf, 0.0, "no more"),
            ("rank", "rank correlation of expected and real error", 2, 0.0, math.inf, "the prior's"),
        ):
            moved = change(prior, refined, name, target)
            if moved.n:
                checks.append((f"{target}: {what}", signed(moved, digits), wanted, holds(moved, least, most)))
    return measured(figures, checks)


def signed(moved: Interval, digits: int) -> str:
    """-> "+0.40 (+0.12 to +0.70)" """
    return f"{moved.mean:+.{digits}f} ({moved.low:+.{digits}f} to {moved.high:+.{digits}f})"


def beside_prior(figures: Figures) -> list[str]:
    """Every target, as it was and as it was refined."""
    s = figures["sampling"]
    groups = {
        f"{target}, {result}": [
            row for row in figures["rows"] if row["target"] == target and row["result"] == result
        ]
        for target in targets_of(figures)
        for result in (PRIOR, REFINED)
    }
    return [
        "## Beside the mean that it starts from",
        "",
        f"{LEGEND} Each contrast from all others, {extent(figures['slices'])} of each patient; "
        f"paths: {s['paths']}, steps: {s['steps']} from timestep {s['shortcut']}, cascades: {s['cascades']}; "
        "one core.",
        "",
        rows_table(groups, COLUMNS),
        "",
    ]


def ways(figures: Figures) -> list[str]:
    """What the ways to refine are worth."""
    if "table" not in figures:
        return []
    return [
        "## Paths, steps, shortcut and cascades",
        "",
        "One contrast of each of a few patients, some slices around the largest lesion. psnr_change: paired "
        "with the prior.",
        "",
        rows_table(figures["table"], {"psnr_change": 2, **COLUMNS}),
        "",
    ]


def networks(manifest: Manifest) -> list[str]:
    """Operations and sizes."""
    slab = manifest["grid"]["slab"]
    once, step = (manifest["networks"][name]["flops"] / slab / 1e9 for name in (PRIOR_NETWORK, REFINE))
    steps = manifest["paths"] * manifest["cascades"] * len(manifest["alpha_bar"])
    return [
        "## Networks",
        "",
        f"A slice: {once:.2f} GFLOP for the mean, {step:.2f} a step (2 per multiply-add); "
        f"{once + steps * step:.0f} with {steps} steps.",
        "",
        *graph_sizes(manifest),
    ]


def metrics_of(figures: Figures) -> Mapping[str, Any]:
    """-> the manifest's `metrics`: by target the means over the patients"""
    _, refined = results(figures)

    def means(rows: Sequence[Row]) -> dict[str, Any]:
        return {name: defined(round(column(rows, name).mean, 4)) for name in METRICS}

    return {
        "patients": len({row["patient"] for row in refined}),
        "targets": {t: means([row for row in refined if row["target"] == t]) for t in targets_of(figures)},
    }


def write_card(bundle: Path, run: Path | None = None, fold: int | None = None) -> None:
    """Write MODEL_CARD.md; with a run first evaluation.json and the manifest's `metrics`, from its
    figures."""
    figures = gather(run, fold) if run else None
    write_fold_card(bundle, card, figures, figures and metrics_of(figures))
