"""The model card, generated from the bundle's manifest and, where it exists, its `evaluation.json`."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from ...common.fold_card import size_mb
from ...common.markdown import table
from .data import THICK
from .pipeline import LEAST


def card(manifest: dict[str, Any], evaluation: dict[str, Any] | None) -> str:
    """-> Markdown"""
    network, near = manifest["networks"]["brain"], manifest["metrics"].get("under_surface")
    lines = [
        f"# {manifest['name']}",
        "",
        f"`{manifest['id']}` {manifest['version']}, method {manifest['method']}. "
        "Generated from `bundle.json` and `evaluation.json`; do not edit.",
        "",
        "**Intended use.** " + manifest["intended_use"],
        "",
        "**Not for.**",
        "",
        *(f"- {item}" for item in manifest["not_for"]),
        "",
        "**Licence of the weights.** " + manifest["license"],
        "",
        "## Limitations",
        "",
        *(f"- {item}" for item in manifest["limitations"]),
        "",
        "## Training data",
        "",
        *(f"- {item['name']}: {item['terms']}." for item in manifest["data_sources"]),
        "",
    ]
    if evaluation:
        lines += [
            "## Whole heads: leave one person out",
            "",
            "Dice with the supplied mask on the 2 mm grid. Each person was scored by a network that never "
            "saw that person, trained like the shipped one; the shipped one saw all of them. "
            "'several' averages the contrasts of a session.",
            "",
            *summary(manifest["metrics"]["heads"]),
            *table(
                ("session", "contrasts", "Dice"),
                [(r["session"], " + ".join(r["contrasts"]), r["dice"]) for r in evaluation["heads"]],
            ),
            "## Stripped brains of patients never trained on",
            "",
            "A stripped brain should be left alone. 'whole procedure' is the Dice with the support, the "
            "voxels above 0: it is 1 where the network finds brain close under the support's surface: a head "
            "has scalp and skull there, so the support is taken. "
            "'network alone' is the Dice of what the network finds with the voxels that are "
            "at least half brain.",
            "",
            *summary(manifest["metrics"]["stripped"]),
            *table(
                ("patient", "contrasts", "network alone", "whole procedure"),
                [
                    (r["patient"], " + ".join(r["contrasts"]), r["network"], r["dice"])
                    for r in evaluation["stripped"]
                ],
            ),
            f"## Every patient of the archive as a study of {THICK:g} mm slices",
            "",
            "Dice of the whole procedure, as above. Some of these patients were trained on.",
            "",
            *summary(manifest["metrics"]["thick_slices"]),
            "Share of probable brain close under the surface: of a stripped brain at least "
            f"{near['stripped']:.2f}, of the whole heads above at most {near['heads']:.2f}; it counts as "
            f"stripped from {LEAST:g} on.",
            "",
            *not_seen(evaluation["not_seen_as_stripped"]),
        ]
    lines += [
        "## Network",
        "",
        *table(
            ("MFLOP a slice", "MB in all"),
            [(f"{network['flops'] / manifest['grid']['slab'] / 1e6:.0f}", f"{size_mb(manifest):.2f}")],
        ),
    ]
    return "\n".join(lines).rstrip() + "\n"


def not_seen(rows: list[dict[str, Any]]) -> list[str]:
    """Which stripped brains were taken for whole heads."""
    if not rows:
        return ["All were seen as stripped.", ""]
    found = table(
        ("patient", "contrasts", "Dice"),
        [(r["patient"], " + ".join(r["contrasts"]), r["dice"]) for r in rows],
    )
    return ["Taken for whole heads:", "", *found]


def summary(metrics: dict[str, dict[str, float]]) -> list[str]:
    """Dice by contrast as a Markdown table."""
    return table(
        ("contrast", "volumes", "mean Dice", "lowest"),
        [(kind, found["count"], found["mean"], found["lowest"]) for kind, found in metrics.items()],
    )


def write_card(bundle: Path) -> None:
    """Write MODEL_CARD.md."""
    evaluation = bundle / "evaluation.json"
    (bundle / "MODEL_CARD.md").write_text(
        card(
            json.loads((bundle / "bundle.json").read_text()),
            json.loads(evaluation.read_text()) if evaluation.exists() else None,
        )
    )
