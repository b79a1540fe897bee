"""What the model cards of methods with one network for each fold share: what was measured, what was asked of
it, and how they are written."""

from __future__ import annotations

import json
import math
from collections.abc import Callable
from pathlib import Path
from typing import Any

from .bootstrap import Interval
from .bundle import write_manifest
from .files import write_json
from .markdown import table

Manifest = dict[str, Any]
Figures = dict[str, Any]
Check = tuple[str, str, str, str]
"""What was asked, what was found, what was wanted, and whether it holds."""


def measured(figures: Figures, checks: list[Check]) -> list[str]:
    """-> the section of what was asked of the networks of a run. figures: the patients' `rows`, and the
    `fold` whose network ships, None for the one on all patients"""
    patients = len({row["patient"] for row in figures["rows"]})
    ships = (
        "The network that ships is the one on all patients, which has no figures of its own."
        if figures["fold"] is None
        else "The network that ships is the one that was measured, trained without them."
    )
    return [
        f"## Measured on {patients} patients never trained on",
        "",
        f"Out of fold. {ships} Mean, and in brackets the 95 % interval (bootstrap over persons); "
        "*in the mean*: the interval reaches beyond what is wanted.",
        "",
        *table(("asked", "found", "wanted", "holds"), checks),
    ]


def holds(found: Interval, least: float = -math.inf, most: float = math.inf) -> str:
    """-> whether the mean, and whether its whole interval, lies within the limits"""
    if not least <= found.mean <= most:
        return "**no**"
    return "yes" if least <= found.low and found.high <= most else "in the mean"


def graph_sizes(manifest: Manifest) -> list[str]:
    """-> a table of the size of each network's graphs"""
    names = list(manifest["networks"])
    return table(
        ("graph, kB", *names),
        [
            (kind, *(round(files[name]["bytes"] / 1e3) if name in files else "-" for name in names))
            for kind, files in manifest["files"].items()
        ],
    )


def size_mb(manifest: Manifest) -> float:
    """-> megabytes of all files of a bundle"""
    return float(sum(file["bytes"] for files in manifest["files"].values() for file in files.values())) / 1e6


def write_fold_card(
    bundle: Path,
    card: Callable[[Manifest, Figures], str],
    figures: Figures | None = None,
    metrics: Any = None,
) -> None:
    """Write MODEL_CARD.md; with `figures` first evaluation.json, and the manifest's `metrics`."""
    file = bundle / "evaluation.json"
    manifest = json.loads((bundle / "bundle.json").read_text())
    if figures is not None:
        write_json(file, figures)
        manifest["metrics"] = metrics
        write_manifest(bundle, manifest)
    known: Figures = json.loads(file.read_text()) if file.exists() else {}
    (bundle / "MODEL_CARD.md").write_text(card(manifest, known))
