"""The model card of a bundle, generated from its manifest and its `evaluation.json` alone. A test generates
it again and compares."""

from __future__ import annotations

import json
import math
from pathlib import Path
from typing import Any

from ... import CONTRASTS
from ...common import check_bundle
from ...common.bootstrap import Interval
from ...common.bundle import write_manifest
from ...common.card_opening import opening
from ...common.doubt_card import doubt
from ...common.engine_tables import subset_table
from ...common.files import write_json
from ...common.markdown import table
from ...referee import downstream
from .card_figures import (
    DEFINITION,
    IMAGE,
    LARGEST_CALIBRATION_ERROR,
    LEAST_AUC,
    LEAST_AUC_LOW,
    LEAST_PRECISION,
    Figures,
    Manifest,
    gather,
    metrics_of,
)

DECIMALS = {"psnr": 2, "psnr_brasyn": 2, "sharpness": 2, "mae": 4}  # else 3
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


def text_of(value: dict[str, Any], digits: int = 3, sign: bool = False) -> str:
    """An interval as JSON -> "20.51 (20.10 to 20.93)"; with `sign` "+0.40 (-0.10 to +0.90)" """
    mean, low, high, error = (
        math.nan if value[key] is None else float(value[key]) for key in ("mean", "low", "high", "error")
    )
    found = Interval(mean, low, high, error, int(value["n"]))
    if sign and found.n:
        return f"{found.mean:+.{digits}f} ({found.low:+.{digits}f} to {found.high:+.{digits}f})"
    return found.text(digits)


def image_table(part: Figures, names: tuple[str, ...]) -> list[str]:
    """-> a table of figures by target"""
    kept = [name for name in names if any(name in columns for columns in part.values())]
    return table(
        ("target", "patients", *kept),
        [
            (
                target,
                columns["psnr"]["n"],
                *(text_of(columns[n], DECIMALS.get(n, 3)) if n in columns else "" for n in kept),
            )
            for target, columns in part.items()
        ],
    )


def validation(figures: Figures) -> list[str]:
    """Every target from all others, of the validation patients."""
    if "validation" not in figures:
        return []
    found, targets = figures["validation"], figures["targets"]
    patients = list(dict.fromkeys(p for part in targets.values() for p in part))
    refused = [f"- {f['patient']}, {f['sources']}: {f['what']}" for f in figures["refused"]]
    dice = figures["region_dice"]
    overlap = (
        []
        if dice is None
        else [f"Lowest overlap (Dice) of the engine's region and the brain: {dice:.3f}.", ""]
    )
    return [
        f"## Measured on {len(patients)} patients never trained on",
        "",
        DEFINITION,
        "",
        "Every target from all other contrasts; mean over the patients, and in brackets its 95 % interval "
        "(bootstrap over persons):",
        "",
        *image_table(found, IMAGE),
        "Patient by patient (psnr / ssim):",
        "",
        *table(
            ("patient", *targets),
            [
                (p, *(f"{s[p]['psnr']:.2f} / {s[p]['ssim']:.3f}" if p in s else "" for s in targets.values()))
                for p in patients
            ],
        ),
        *overlap,
        *(["The engine refused:", "", *refused, ""] if refused else []),
    ]


def beside_earlier(figures: Figures) -> list[str]:
    """The same patients by the bundle before."""
    if not figures.get("earlier"):
        return []
    earlier = figures["earlier"]
    version = earlier["version"]
    names = ("psnr", "ssim", "ssim_inner", "psnr_brasyn", "sharpness")
    rows = []
    for target, columns in earlier["targets"].items():
        pairs = [columns.get(name) for name in names]
        digits = [DECIMALS.get(name, 3) for name in names]
        cells = (
            f"{p['now']['mean']:.{d}f}, {p['before']['mean']:.{d}f}" if p else ""
            for p, d in zip(pairs, digits)
        )
        change = text_of(columns["psnr"]["difference"], 2, sign=True)
        rows.append((target, columns["psnr"]["now"]["n"], *cells, change))
    return [
        f"### Beside {version}",
        "",
        f"The patients that both were measured on; each figure, then that of {version}.",
        "",
        *table(("target", "patients", *names, "psnr, difference"), rows),
    ]


def out_of_fold(figures: Figures) -> list[str]:
    """The training patients, each by a network that was not trained on it."""
    parts = {
        "Through the product's command line:": figures.get("engine_out_of_fold"),
        "The networks on prepared patients, in PyTorch:": figures.get("out_of_fold"),
    }
    if not any(parts.values()):
        return []
    lines = [
        "## Out of fold",
        "",
        "Training patients, each synthesized from all other contrasts by a network that was trained "
        "without it, compared with the contrast as acquired.",
        "",
    ]
    for title, part in parts.items():
        if part:
            lines += [
                title,
                "",
                *image_table(part, ("psnr", "ssim", "ssim_inner", "psnr_brasyn", "sharpness")),
            ]
    return lines


def subsets(figures: Figures) -> list[str]:
    """Every set of sources beside its best source."""
    if not figures.get("subsets"):
        return []
    return ["## Every set of sources", "", *subset_table(figures["subsets"])]


def lesions(figures: Figures) -> list[str]:
    """Lesions in the images, and those that the lesion head finds."""
    if "lesions" not in figures:
        return []
    columns = {
        "lesion_psnr": ("psnr", 2),
        "lesion_bias": ("bias", 3),
        "lesion_cnr_real": ("CNR real", 2),
        "lesion_cnr_synthetic": ("CNR synthetic", 2),
        "lesion_cnr_ratio": ("synthetic / real", 2),
        "lesion_contrast_ratio": ("contrast / real", 2),
    }
    by = "through the command line" if "engine_out_of_fold" in figures else "in PyTorch"
    lines = [
        "## Lesions",
        "",
        f"Segmented training patients, out of fold, {by}. psnr and mean bias inside the lesion (scaled "
        "intensity); contrast-to-noise ratio of the lesion against healthy white matter, unclipped; "
        "contrast: the difference alone, which a smooth white matter does not increase.",
        "",
        *table(
            ("target", "kind", "patients", *(title for title, _ in columns.values())),
            [
                (
                    row["target"],
                    row["kind"],
                    row["lesion_bias"]["n"],
                    *(text_of(row[n], d) if n in row else "" for n, (_, d) in columns.items()),
                )
                for row in figures["lesions"]
            ],
        ),
    ]
    if "detection" in figures:
        names = {"found_dice": 3, "found_sensitivity": 2, "found_false": 1, "found_volume_ratio": 2}
        lines += [
            "Lesions found by the lesion head without the target (components of at least 50 mm3): Dice, "
            "share found, false ones a patient, volume found over true:",
            "",
            *table(
                ("without", "Dice", "found", "false", "volume"),
                [
                    (target, *(text_of(part[n], d) if n in part else "" for n, d in names.items()))
                    for target, part in figures["detection"].items()
                ],
            ),
        ]
    return lines


def enhancement(manifest: Manifest, figures: Figures) -> list[str]:
    """Whether enhancement is predicted."""
    if "enhancement" not in figures:
        return []
    found = figures["enhancement"]
    best = found["best_source_average_precision"]["mean"]
    held = {name: "yes" if holds else "no" for name, holds in found["conditions"].items()}
    said = manifest.get("targets", {}).get("t1ce", {}).get("caution")
    return [
        "## Enhancement",
        "",
        "Patients with a tumour, out of fold, from all contrasts but T1ce. The T1ce may show enhancement "
        "only if all three hold:",
        "",
        *table(
            ("figure of the probability", "measured", "asked", "holds"),
            [
                (
                    "AUC inside tumours",
                    text_of(found["auc"], 2),
                    f"at least {LEAST_AUC}, its interval above {LEAST_AUC_LOW}",
                    held["auc"],
                ),
                (
                    "average precision in the brain",
                    text_of(found["average_precision"]),
                    f"{LEAST_PRECISION} times that of the best source ({found['best_source']}, {best:.3f})",
                    held["average_precision"],
                ),
                (
                    "calibration error in the brain",
                    text_of(found["calibration_error"]),
                    f"at most {LARGEST_CALIBRATION_ERROR}",
                    held["calibration_error"],
                ),
            ],
        ),
        f"Chance has an average precision of {found['prevalence']['mean']:.3f}; inside tumours the "
        f"calibration error is {text_of(found['calibration_error_in_tumour'])}.",
        "",
        "**All hold.**" if found["passed"] else "**Not all hold.**",
        "",
        *([f"The bundle says of its T1ce: {said}", ""] if said else []),
        f"In the T1ce that is shown, {found['missed_ml']:.1f} of {found['enhancing_ml']:.1f} mL segmented as "
        f"enhancing are missed, and {found['false_ml']:.1f} mL are false, over {found['patients']} patients. "
        "Enhancing: T1ce minus T1 exceeds that of healthy white matter by more than three standard "
        "deviations, in components of at least 0.05 mL, 4 mm under the surface.",
        "",
    ]


def referee(figures: Figures) -> list[str]:
    """What a segmentation network makes of the synthetic contrast."""
    if "referee" not in figures:
        return []
    # Its last line is what it concludes, the lines before it the table.
    _, _, text = downstream.markdown(figures["referee"], "").partition("\n\n")
    return [
        "## What a machine can use of it",
        "",
        "An independent segmentation network, out of fold, with four acquired contrasts, with one of them "
        "synthetic, and with that one blank. " + text.rstrip(),
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


def thickness(figures: Figures) -> list[str]:
    """Thick slices."""
    if "thickness" not in figures:
        return []
    found = figures["thickness"]
    return [
        "## Thick slices",
        "",
        "The validation patients written as slices of that thickness, each the mean of its 1 mm slices, and "
        "compared with the target's slices (psnr / ssim):",
        "",
        *table(
            ("target", *(f"{mm} mm" for mm in found)),
            [
                (
                    target,
                    *(
                        f"{part[target]['psnr']['mean']:.2f} / {part[target]['ssim']['mean']:.3f}"
                        if target in part
                        else ""
                        for part in found.values()
                    ),
                )
                for target in CONTRASTS
                if target in found["1"]
            ],
        ),
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
