"""Charts of the model card: drawn from `evaluation.json` alone, no picture of a patient in them."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import matplotlib
from matplotlib.figure import Figure

matplotlib.rcParams["svg.hashsalt"] = "modality-synthesis"  # makes the files reproducible
COLOURS = ("#33658a", "#f26419", "#86bbd8", "#758e4f", "#f6ae2d", "#9b5094", "#55505c")


def subsets(figure: Figure, part: dict[str, Any]) -> None:
    """Gain in dB of every subset."""
    axes = figure.subplots()
    rows = part["rows"]
    targets = list(dict.fromkeys(row["target"] for row in rows))
    axes.bar(
        range(len(rows)),
        [row["gain"] for row in rows],
        color=[COLOURS[targets.index(row["target"])] for row in rows],
    )
    axes.set_xticks(range(len(rows)), [" + ".join(row["sources"]) for row in rows], rotation=90, fontsize=7)
    axes.axhline(-0.2, color="black", lw=0.8, ls=":")
    axes.set_ylabel("dB")
    for i, target in enumerate(targets):
        axes.bar(0, 0, color=COLOURS[i], label=target)
    axes.legend(fontsize=8, ncols=4)


def ablation(figure: Figure, part: dict[str, Any]) -> None:
    """Difference to the plain U-Net in dB, a point for each patient."""
    axes = figure.subplots()
    variants = [name for name in next(iter(part.values())) if name != "plain U-Net"]
    for i, variant in enumerate(variants):
        label = variant.replace("guidance", "conditioning")
        for t, found in enumerate(part.values()):
            differences = list(found[variant]["differences"].values())
            x = t + (i - len(variants) / 2) / (len(variants) + 2)
            axes.plot(
                [x] * len(differences), differences, ".", color=COLOURS[i], label=label if t == 0 else None
            )
            axes.plot([x - 0.04, x + 0.04], [found[variant]["difference"]] * 2, color=COLOURS[i])
    axes.axhline(0, color="black", lw=0.8)
    axes.set_xticks(range(len(part)), list(part))
    axes.set_ylabel("dB against plain U-Net")
    axes.legend(fontsize=7, ncols=3)


def lesions(figure: Figure, part: dict[str, Any]) -> None:
    """Contrast-to-noise ratio, synthetic over real, a point for each patient."""
    axes = figure.subplots()
    for t, found in enumerate(part["patients"].values()):
        for kind, colour in (("tumour", COLOURS[0]), ("ms", COLOURS[1])):
            ratios = [
                p["cnr_ratio"] for p in found.values() if p["kind"] == kind and p["cnr_ratio"] is not None
            ]
            offsets = [t + 0.3 * (i / max(1, len(ratios) - 1) - 0.5) for i in range(len(ratios))]
            axes.plot(offsets, ratios, ".", color=colour, label=kind if t == 0 else None)
    axes.axhline(1, color="black", lw=0.8)
    axes.axhline(0, color="black", lw=0.8, ls=":")
    axes.set_xticks(range(len(part["patients"])), list(part["patients"]))
    axes.legend(fontsize=8)


def uncertainty(figure: Figure, part: dict[str, Any]) -> None:
    """Spearman's correlation with the error, voxel by voxel and in blocks."""
    panels = figure.subplots(1, 2, sharey=True)
    for axes, scale, title in zip(panels, ("voxel", "block"), ("voxel by voxel", "8 mm blocks")):
        for i, (name, label) in enumerate(
            (("spread", "spread"), ("samples", "samples alone"), ("edges", "edge filter"))
        ):
            means = [
                sum(p[f"{name}_{scale}"] for p in found.values()) / len(found) for found in part.values()
            ]
            axes.bar(
                [t + (i - 1) * 0.25 for t in range(len(means))], means, 0.25, color=COLOURS[i], label=label
            )
        axes.set_xticks(range(len(part)), list(part))
        axes.set_title(title, fontsize=9)
    panels[0].set_ylabel("Spearman")
    panels[0].legend(fontsize=8)


CHARTS: dict[str, tuple[str, Callable[[Figure, dict[str, Any]], None]]] = {
    "subsets.svg": (
        "Gain over a least-squares copy of the best single source, for every subset of sources.",
        subsets,
    ),
    "ablation.svg": (
        "Gain of conditioning over the plain U-Net trained as long, patient by patient (one member, one "
        "sample).",
        ablation,
    ),
    "lesions.svg": (
        "Contrast of lesion against white matter, synthetic over real: 1 is right, 0 is a lost lesion, "
        "below 0 inverted.",
        lesions,
    ),
    "uncertainty.svg": (
        "Rank correlation of the spread with the error, compared with an edge filter on the sources.",
        uncertainty,
    ),
}
"""By file name, which is that of the part of evaluation.json: caption, and the function that draws it."""


def draw_charts(folder: Path, evaluation: dict[str, Any]) -> None:
    """Draw the charts that the evaluation has figures for."""
    for name, (_, draw) in CHARTS.items():
        if evaluation.get(name.removesuffix(".svg")):
            figure = Figure(figsize=(8, 3.2), layout="constrained")
            draw(figure, evaluation[name.removesuffix(".svg")])
            folder.mkdir(parents=True, exist_ok=True)
            figure.savefig(folder / name, metadata={"Date": None})
