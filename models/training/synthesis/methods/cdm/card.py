"""The model card of a bundle, generated from its manifest and its `evaluation.json` alone. A test generates
it again and compares."""

from __future__ import annotations

import json
from pathlib import Path

from ...common import check_bundle
from ...common.bundle import write_manifest
from ...common.card_opening import opening
from ...common.doubt_card import doubt
from ...common.files import write_json
from ...common.markdown import table
from .card_figures import Figures, Manifest, gather, metrics_of
from .card_images import beside_earlier, out_of_fold, subsets, thickness, validation
from .card_lesions import enhancement, lesions, referee

METHODS = {"diffusion": "diffusion", "gaussian": "Gaussian head", "none": "no samples"}


def card(manifest: Manifest, figures: Figures) -> str:
    """-> Markdown"""
    lines = about(manifest) + validation(figures) + beside_earlier(figures) + out_of_fold(figures)
    lines += subsets(figures) + lesions(figures) + enhancement(manifest, figures) + referee(figures)
    lines += uncertainty(manifest, figures) + thickness(figures) + not_measured(figures)
    return "\n".join(lines + doubt(manifest) + networks(manifest)).rstrip() + "\n"


def about(manifest: Manifest) -> list[str]:
    """What it is, what it is for, and what it was trained on."""
    size = sum(file["bytes"] for files in manifest["files"].values() for file in files.values()) / 1e6
    return [
        *opening(manifest, f"{size:.1f} MB in all"),
        "## What differs",
        "",
        *(f"- {version}: {text}" for version, text in reversed(list(manifest["changelog"].items()))),
        "",
    ]


def uncertainty(manifest: Manifest, figures: Figures) -> list[str]:
    """Samples of the residual: diffusion against a Gaussian head."""
    factors = ", ".join(f"{t} {factor:.2f}" for t, factor in manifest["uncertainty"]["factor"].items())
    lines = [
        "## Uncertainty",
        "",
        f"The expected error that the viewer shows is the networks' own, times a factor: {factors}. A low "
        "one is no sign of correctness.",
        "",
    ]
    if "uncertainty" not in figures:
        return lines
    found = figures["uncertainty"]
    columns = {
        "crps": ("CRPS", 4),
        "spread_skill8": ("spread / skill, 8 mm", 2),
        "spread_skill16": ("16 mm", 2),
        "mean_gain": ("gain of their mean, dB", 2),
        "spearman": ("rank correlation", 2),
        "coverage": ("coverage", 3),
        "worst_coverage": ("lowest", 3),
    }
    rows = []
    for target, entry in found["targets"].items():
        for method, title in METHODS.items():
            cells = (
                f"{entry[method][n]:.{d}f}" if n in entry[method] else "" for n, (_, d) in columns.items()
            )
            rows.append((target, title, entry["cases"], *cells))
    ships = METHODS[found["ships"]]
    return [
        *lines,
        "Samples of the residual, out of fold. CRPS: lower is better; spread over skill: 1 is calibrated; "
        "rank correlation of the expected with the true error in blocks of 8 mm; coverage: share of the "
        f"truth between the smallest and the largest sample, {found['nominal_coverage']:.3f} if calibrated, "
        f"and that of the lowest case. By these figures: {ships}.",
        "",
        *table(("target", "method", "cases", *(title for title, _ in columns.values())), rows),
    ]


PARTS = {
    "validation": "figures on validation patients",
    "engine_out_of_fold": "out-of-fold figures through the command line",
    "out_of_fold": "out-of-fold figures of the networks",
    "subsets": "every set of sources",
    "lesions": "lesions",
    "enhancement": "enhancement",
    "referee": "what a machine can use of it",
    "uncertainty": "samples of the residual",
    "thickness": "thick slices",
}


def not_measured(figures: Figures) -> list[str]:
    """What a reader may look for in vain."""
    absent = [title for part, title in PARTS.items() if not figures.get(part)]
    return [f"**Not measured for this version:** {', '.join(absent)}.", ""] if absent else []


def networks(manifest: Manifest) -> list[str]:
    """Operations and sizes of the networks."""
    costs = {n: found["flops"] / manifest["grid"]["slab"] / 1e9 for n, found in manifest["networks"].items()}
    kinds = list(manifest["files"])
    return [
        "## Networks",
        "",
        f"{sum(costs.values()):.2f} GFLOP a slice (2 per multiply-add). The graphs share their weights.",
        "",
        *table(
            ("network", "GFLOP a slice", *(f"kB {kind}" for kind in kinds)),
            [
                (
                    name,
                    f"{cost:.2f}",
                    *(
                        round(manifest["files"][kind][name]["bytes"] / 1e3)
                        if name in manifest["files"][kind]
                        else ""
                        for kind in kinds
                    ),
                )
                for name, cost in costs.items()
            ],
        ),
    ]


def write_card(bundle: Path, run: Path | None = None, earlier: Path | None = None) -> None:
    """Write MODEL_CARD.md; with a run first evaluation.json and the manifest's `metrics`, from its
    figures."""
    file = bundle / "evaluation.json"
    manifest = json.loads((bundle / "bundle.json").read_text())
    if run:
        figures = gather(run, manifest, earlier)
        write_json(file, figures)
        manifest["metrics"] = metrics_of(figures, manifest)
        if "check" in manifest:
            write_manifest(bundle, manifest)
            check_bundle.write_check(bundle, manifest["check"])
        else:
            write_manifest(bundle, manifest)
    figures = json.loads(file.read_text()) if file.exists() else {}
    (bundle / "MODEL_CARD.md").write_text(card(manifest, figures))
