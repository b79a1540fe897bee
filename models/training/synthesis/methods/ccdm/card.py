"""The model card of a bundle, generated from its manifest and its `evaluation.json` alone."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from ...common.bootstrap import Interval, difference
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
from ...common.markdown import table
from ...common.tables import Row, column, defined
from .ablation import table as ablation_table
from .evaluate import LADDER, WRONG_AT
from .scores import DOSES, LEGEND
from .scores import table as scores_table

CAUTION = (
    "**Learned and measured on simulated doses**: no real image of a smaller dose was seen. Enhancement that"
    " the small dose does not show, the result does not show."
)
LEAST_PRECISION, MOST_MISSED, MOST_FALSE = 0.9, 0.2, 1.0
"""Asked at `ASKED_AT`: share of the acquired T1ce's average precision, share of the enhancement, mL."""

MOST_FALL = 0.001
"""Of the enhancement while the slider rises: rounding."""

ASKED_AT = 0.25
METRICS = ("psnr", "ssim", "precision_share", "missed", "false_ml", "enhancement", "scale_ratio")


def gather(run: Path, fold: int | None = None) -> Figures:
    """Figures of `evaluate` and `baseline` in a run -> what `evaluation.json` holds

    fold: the one whose network ships, where it is not that on all patients. Raises FileNotFoundError where
    one of them was not run.
    """
    found, linear = (json.loads((run / f"{name}.json").read_text()) for name in ("evaluation", "baseline"))
    figures = {"rows": found["rows"], "ladders": found["ladders"], "baseline": linear["rows"], "fold": fold}
    ablation = run / "ablation.json"
    return figures | ({"ablation": json.loads(ablation.read_text())} if ablation.exists() else {})


def card(manifest: Manifest, figures: Figures) -> str:
    """-> Markdown"""
    lines = opening(manifest, f"{size_mb(manifest):.1f} MB in all", CAUTION)
    if figures:
        lines += asked(figures) + beside_linear(figures) + wrong_dose(figures) + monotone(figures)
        lines += error(manifest, figures) + choices(figures)
    return "\n".join(lines + network(manifest)).rstrip() + "\n"


def told_right(figures: Figures, noise: str = "1") -> list[Row]:
    """-> the rows of images whose dose was told as it was"""
    return [row for row in figures["rows"] if row["told"] == row["dose"] and row["noise"] == noise]


def at(rows: Sequence[Row], dose: float) -> list[Row]:
    """-> those of a dose"""
    return [row for row in rows if row["dose"] == f"{dose:.0%}"]


def gains(figures: Figures, dose: float) -> Interval:
    """-> psnr of the network - psnr of the linear scaling of the same patients"""
    ours, linear = (
        {row["patient"]: row["psnr"] for row in at(rows, dose) if row["noise"] == "1"}
        for rows in (told_right(figures), figures["baseline"])
    )
    return difference(linear, ours, {row["patient"]: row["group"] for row in figures["rows"]})


def asked(figures: Figures) -> list[str]:
    """What was asked of it, and whether it holds."""
    rows = at(told_right(figures), ASKED_AT)
    precision, missed, false = (column(rows, name) for name in ("precision_share", "missed", "false_ml"))
    falls = [row["fall_slider"] for row in figures["ladders"] if row]
    checks: list[Check] = [
        (
            f"average precision of enhancement at {ASKED_AT:.0%}, over that of the acquired T1ce",
            precision.text(3),
            f"at least {LEAST_PRECISION}",
            holds(precision, least=LEAST_PRECISION),
        ),
        (
            f"enhancement missed at {ASKED_AT:.0%}",
            missed.text(3),
            f"under {MOST_MISSED}",
            holds(missed, most=MOST_MISSED),
        ),
        (
            f"false enhancement at {ASKED_AT:.0%}, mL a patient",
            false.text(2),
            f"under {MOST_FALSE:g}",
            holds(false, most=MOST_FALSE),
        ),
        *(
            (
                f"psnr above that of the best linear scaling at {dose:.0%}, dB",
                gain.text(2),
                "more than 0",
                holds(gain, least=0),
            )
            for dose, gain in ((dose, gains(figures, dose)) for dose in DOSES)
        ),
        (
            "largest fall of the enhancement where the slider rises, share of the real one",
            f"{max(falls):.4f}",
            f"under {MOST_FALL:g}",
            "yes" if max(falls) < MOST_FALL else "**no**",
        ),
    ]
    return measured(figures, checks)


def beside_linear(figures: Figures) -> list[str]:
    """Every dose and noise, beside the scaled difference image and the acquired T1ce."""
    ours = [{**row, "what": "network"} for row in figures["rows"] if row["told"] == row["dose"]]
    theirs = [
        {**row, "what": "acquired T1ce" if row["dose"] == "acquired" else "linear"}
        for row in figures["baseline"]
    ]
    rows = sorted([*ours, *theirs], key=lambda r: (r["noise"], r["dose"], r["what"]))
    return [
        "## Beside the difference image times one number",
        "",
        f"{LEGEND} linear: T1 plus the difference of the two images times the number that fits patients of "
        "the other folds best; noise: factor on the noise of the simulation, whose low-dose image shares a "
        "part of its noise with T1 and T1ce, which flatters.",
        "",
        scores_table(rows, ("dose", "noise", "what")),
        "",
    ]


def wrong_dose(figures: Figures) -> list[str]:
    """A dose that is told wrongly."""
    rows = [row for row in at(figures["rows"], WRONG_AT) if row["noise"] == "1"]
    order = sorted(rows, key=lambda row: float(row["told"].rstrip("%")))
    return [
        "## A dose that is told wrongly",
        "",
        f"Images of {WRONG_AT:.0%} of the dose, told as half of it, as it is, and as twice it. A dose told "
        "too small makes enhancement too strong, one told too large too weak (`enhancement`: 1 is right).",
        "",
        scores_table(order, ("dose", "told", "noise")),
        "",
    ]


def monotone(figures: Figures) -> list[str]:
    """Whether more dose ever shows less enhancement."""
    rows = [row for row in figures["ladders"] if row]

    def mean(name: str, place: int) -> str:
        return f"{sum(row[name][place] for row in rows) / len(rows):.2f}"

    largest = {name: max(row[name] for row in rows) for name in ("fall", "fall_slider", "fall_told")}
    return [
        "## More dose, more enhancement",
        "",
        "Mean enhancement of the tumours over the real one (1 is right): the image of each dose made into "
        f"the full one; one image of {WRONG_AT:.0%} made into what each dose would show (the slider); and "
        "the same image said to have each dose, of which a larger one rightly leaves less to add.",
        "",
        *table(
            ("", *(f"{dose:.0%}" for dose in LADDER)),
            [
                (title, *(mean(name, place) for place in range(len(LADDER))))
                for title, name in (
                    ("image of each dose", "shown"),
                    ("slider", "slider"),
                    ("said to have", "told"),
                )
            ],
        ),
        f"The largest step the wrong way, of any patient: {largest['fall']:.1%} between images, "
        f"{largest['fall_slider']:.1%} of the slider, {largest['fall_told']:.1%} by what is said.",
        "",
    ]


def error(manifest: Manifest, figures: Figures) -> list[str]:
    """Whether the expected error is the real one."""
    factor = manifest["uncertainty"]["factor"]
    rows = told_right(figures)
    cells = []
    for dose in DOSES:
        ratio = column([{**row, "ratio": row["scale_ratio"] * factor} for row in at(rows, dose)], "ratio")
        cells.append((f"{dose:.0%}", ratio.text(2)))
    return [
        "## Expected error",
        "",
        f"The network's own, times {factor:g}, which makes it right on average over these patients and "
        "doses. Expected over real error, by dose:",
        "",
        *table(("dose", "expected over real"), cells),
    ]


def choices(figures: Figures) -> list[str]:
    """The paper's choices, one by one."""
    if "ablation" not in figures:
        return []
    found = figures["ablation"]
    return [
        "## Choices",
        "",
        f"Paired trainings of {found['steps']} steps of {found['batch']} examples, without the fold of the "
        "patients that are scored; in brackets the difference to the first, with its standard error. "
        f"sample_psnr: of one sample.",
        "",
        ablation_table(found["rows"]),
        "",
    ]


def network(manifest: Manifest) -> list[str]:
    """Operations and sizes."""
    ((name, found),) = manifest["networks"].items()
    return [
        "## Network",
        "",
        f"{found['flops'] / manifest['grid']['slab'] / 1e9:.2f} GFLOP a slice and pass (2 per "
        f"multiply-add); one pass for the mean, {len(manifest['alpha_bar'])} for a sample.",
        "",
        *graph_sizes(manifest),
    ]


def metrics_of(figures: Figures) -> Mapping[str, Any]:
    """-> the manifest's `metrics`: by dose the means over the patients"""
    rows = told_right(figures)
    return {
        "patients": len({row["patient"] for row in rows}),
        "doses": {
            f"{dose:.0%}": {name: defined(round(column(at(rows, dose), name).mean, 4)) for name in METRICS}
            for dose in DOSES
        },
    }


def write_card(bundle: Path, run: Path | None = None, fold: int | None = None) -> None:
    """Write MODEL_CARD.md; with a run first evaluation.json and the manifest's `metrics`, from its
    figures."""
    figures = gather(run, fold) if run else None
    write_fold_card(bundle, card, figures, figures and metrics_of(figures))
