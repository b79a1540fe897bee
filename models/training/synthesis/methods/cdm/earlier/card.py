"""The model card, generated from a bundle's manifest and, where it exists, its `evaluation.json`. A test
generates it again and compares."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable
from pathlib import Path
from statistics import mean
from typing import Any

from ....common.card_opening import opening
from ....common.doubt_card import doubt
from ....common.markdown import table
from .charts import CHARTS, draw_charts

COLUMNS = (
    "psnr",
    "ssim",
    "ssim_inner",
    "r",
    "mae",
    "psnr_brasyn",
    "ssim_brasyn",
    "ssim_axial",
    "ssim_coronal",
)
Evaluation = dict[str, Any]


def pair(scores: dict[str, float]) -> str:
    """-> "20.51 / 0.702": psnr (dB) and ssim"""
    return f"{scores['psnr']:.2f} / {scores['ssim']:.3f}"


def averaged(rows: Iterable[dict[str, Any]], key: str) -> float:
    """-> the mean of a column over the rows that have it; NaN without any"""
    found = [row[key] for row in rows if row.get(key) is not None]
    return float(mean(found)) if found else float("nan")


def card(manifest: dict[str, Any], evaluation: Evaluation | None) -> str:
    """-> Markdown"""
    sizes = {
        precision: sum(file["bytes"] for file in files.values()) / 1e6
        for precision, files in manifest["files"].items()
    }
    lines = opening(manifest, ", ".join(f"{size:.1f} MB {precision}" for precision, size in sizes.items()))
    if evaluation:
        for name, section in SECTIONS.items():
            if evaluation.get(name):
                lines += section(manifest, evaluation[name])
                if f"{name}.svg" in CHARTS:
                    caption = CHARTS[f"{name}.svg"][0]
                    lines += [f"![{caption}](charts/{name}.svg)", "", caption, ""]
    return "\n".join(lines + doubt(manifest) + networks(manifest)).rstrip() + "\n"


def targets(manifest: dict[str, Any], part: Evaluation) -> list[str]:
    """Every target from all others, as the bundle ships."""
    metrics = manifest["metrics"]
    columns = [c for c in COLUMNS if c in next(iter(metrics["targets"].values()))]
    rows = [
        (target, " + ".join(m["sources"]), *(m[c] for c in columns))
        for target, m in metrics["targets"].items()
    ]
    patients = list(dict.fromkeys(p for found in part.values() for p in found))
    return [
        f"## Measured on {metrics['patients']} patients never trained on",
        "",
        metrics["definition"],
        "",
        f"Every target from the other three, mean of {manifest['samples']} samples:",
        "",
        *table(("target", "sources", *columns), rows),
        "Patient by patient (psnr / ssim):",
        "",
        *table(
            ("patient", *part),
            [(p, *(pair(found[p]) if p in found else "" for found in part.values())) for p in patients],
        ),
    ]


def subsets(_: dict[str, Any], part: Evaluation) -> list[str]:
    """Every subset of sources, beside a copy of the best source."""
    rows = [
        (
            r["target"],
            " + ".join(r["sources"]),
            r["psnr"],
            r["ssim"],
            r["best_source"],
            r["best_source_psnr"],
            r["best_source_ssim"],
            f"{r['gain']:+.2f}",
        )
        for r in part["rows"]
    ]
    worst = min(part["rows"], key=lambda r: r["gain"])
    return [
        "## Every subset of sources",
        "",
        "Each row also has the best of its sources, fitted by a least-squares line: a copy. The worst row "
        f"gains {worst['gain']:+.2f} dB "
        f"({worst['target']} from {' + '.join(worst['sources'])}).",
        "",
        *table(
            ("target", "sources", "psnr", "ssim", "best source", "its psnr", "its ssim", "gain, dB"), rows
        ),
    ]


def lesions(_: dict[str, Any], part: Evaluation) -> list[str]:
    """Lesions and enhancement."""
    rows, enhancement = [], []
    for target, found in part["patients"].items():
        for kind in ("tumour", "ms"):
            those = [p for p in found.values() if p["kind"] == kind]
            if those:
                rows.append(
                    (
                        target,
                        kind,
                        len(those),
                        averaged(those, "psnr"),
                        averaged(those, "bias"),
                        averaged(those, "cnr_real"),
                        averaged(those, "cnr_synthetic"),
                        averaged(those, "cnr_ratio"),
                    )
                )
    for patient, p in part["patients"].get("t1ce", {}).items():
        enhancement.append(
            (
                patient,
                p["kind"],
                p["enhancing_ml"],
                p["missed_ml"],
                p["pieces"],
                p["pieces_missed"],
                p["false_ml"],
                p["false_pieces"],
                p["by"],
            )
        )
    counts = Counter(
        {patient: p["by"] for found in part["patients"].values() for patient, p in found.items()}.values()
    )
    lines = [
        "## Lesions",
        "",
        "Segmented patients, each synthesized by networks that were trained without the patient (in brackets "
        "the number of patients): "
        + ", ".join(f"{name} ({count})" for name, count in sorted(counts.items()))
        + ". The whole bundle synthesizes validation patients. A member decodes one sample, conditioned as "
        "it ships by diffusion networks that were trained on all training patients; a plain U-Net takes its "
        "place if a fold has no member. psnr and mean bias inside the lesion (scaled intensity); "
        "contrast-to-noise ratio of the lesion against healthy white matter, unclipped.",
        "",
        *table(
            ("target", "kind", "patients", "psnr", "bias", "CNR real", "CNR synthetic", "synthetic / real"),
            rows,
        ),
    ]
    if enhancement:
        missed, total = sum(r[3] for r in enhancement), sum(r[2] for r in enhancement)
        lines += [
            f"**Enhancement in synthetic T1ce: {missed:.1f} of {total:.1f} mL segmented as enhancing are "
            f"missed**, {sum(r[5] for r in enhancement)} of {sum(r[4] for r in enhancement)} connected "
            f"components altogether; {sum(r[6] for r in enhancement):.1f} mL in "
            f"{sum(r[7] for r in enhancement)} components are false. Enhancing: T1ce minus T1 exceeds "
            "that of healthy white matter by more than three standard deviations, in components of at least "
            "0.05 mL, 4 mm under the surface.",
            "",
            *table(
                (
                    "patient",
                    "kind",
                    "enhancing, mL",
                    "missed, mL",
                    "components",
                    "missed",
                    "false, mL",
                    "false components",
                    "synthesized by",
                ),
                enhancement,
            ),
        ]
    return lines


def origin(_: dict[str, Any], part: Evaluation) -> list[str]:
    """Whether lesions come from the sources."""
    rows = [
        (target, patient, f["by"], f["lesion"], f["filled"], f["painted"])
        for target, found in part.items()
        for patient, f in found.items()
    ]
    return [
        "## Whether lesions come from the sources",
        "",
        "Mean contrast of the lesion with the other side in the result, normalized intensity: as it was; "
        "with tissue of the other side in place of the lesion in all sources (should be near 0); and the "
        "change of the other side when the lesion was inserted there in all sources (should be near the "
        "first).",
        "",
        *table(("target", "patient", "synthesized by", "lesion", "filled", "inserted"), rows),
    ]


def ablation(_: dict[str, Any], part: Evaluation) -> list[str]:
    """What conditioning is worth, on validation patients."""
    return [
        "## What conditioning is worth",
        "",
        "One member of the ensemble with one sample, compared with the plain U-Net of the same size, trained "
        "as long on the same patients. psnr / ssim "
        "(paired difference to the plain U-Net, dB). The true y is the target's own latent representation, "
        "which is unknown in practice: an upper bound.",
        "",
        *variants(part),
    ]


def held_out_ablation(_: dict[str, Any], part: Evaluation) -> list[str]:
    """What conditioning is worth, on held-out training patients."""
    patients = len(next(iter(next(iter(part.values())).values()))["differences"])
    return [
        f"The same on {patients} training patients that were held out of the member and the plain U-Net:",
        "",
        *variants(part),
    ]


def variants(part: Evaluation) -> list[str]:
    """A table by variant, with differences to the plain U-Net."""
    names = list(next(iter(part.values())))
    rows = [
        (
            name.replace("guidance", "conditioning"),
            *(f"{pair(found[name])} ({found[name]['difference']:+.2f})" for found in part.values()),
        )
        for name in names
    ]
    return table(("conditioning", *part), rows)


def uncertainty(manifest: dict[str, Any], part: Evaluation) -> list[str]:
    """How well the spread predicts the error."""
    keys = (
        "spread_voxel",
        "edges_voxel",
        "samples_voxel",
        "spread_block",
        "edges_block",
        "samples_block",
        "sample_variance_ratio",
        "spread_variance_ratio",
        "coverage_90",
    )
    rows = [(target, *(averaged(found.values(), key) for key in keys)) for target, found in part.items()]
    factor = ", ".join(f"{t} {f:.2f}" for t, f in manifest["uncertainty"]["factor"].items())
    return [
        "## Uncertainty",
        "",
        "Eight samples. The spread is the expected absolute error. It combines the networks' own error "
        "estimate (a head trained on the absolute error) with the gradient of the sources and the "
        "intensities of sources and prediction. Weights, and a factor that brings 90 % of the errors into "
        f"the band if all other contrasts are given ({factor}), were fitted on training patients, so this "
        "holds over many patients, not in each, and the band covers less with fewer sources (see below). "
        "Spearman's correlation with the absolute error, voxel by voxel and in 8 mm blocks, compared with an "
        "edge filter on the sources and with the samples alone; variances relative to the residual's; share "
        "of voxels inside the 90 % band. The samples' variance alone predicts the error worse and is not "
        "part of the spread. A low spread is no sign of correctness.",
        "",
        *table(
            (
                "target",
                "spread",
                "edge filter",
                "samples alone",
                "spread, blocks",
                "edge filter, blocks",
                "samples, blocks",
                "sample variance / residual",
                "spread variance / residual",
                "90 % band",
            ),
            rows,
        ),
    ]


def spread(_: dict[str, Any], part: Evaluation) -> list[str]:
    """How the spread was fitted."""
    fitted = {target: found for target, found in part.items() if "spread_voxel" in found}
    rows = [
        (target, found["patients"], found["spread_voxel"], found["scale_voxel"], found["gradient_voxel"])
        for target, found in fitted.items()
    ]
    counts = sorted({count for found in fitted.values() for count in found["coverage_90"]}, reverse=True)
    shares = [
        (
            target,
            *(
                "{mean:.3f} ({lowest:.3f})".format(**found["coverage_90"][c])
                if c in found["coverage_90"]
                else ""
                for c in counts
            ),
        )
        for target, found in fitted.items()
    ]
    return [
        "### How the spread was fitted",
        "",
        "Training patients, each synthesized by the member that was trained without the patient, from all "
        "other contrasts and from one subset of them. Spearman's correlation with the absolute error, voxel "
        "by voxel, on patients that the weights were not fitted on either:",
        "",
        *table(("target", "patients", "spread", "networks' own estimate", "gradient of the sources"), rows),
        "Share of the voxels inside the 90 % band, on patients that neither weights nor factor were fitted "
        "on: mean, and in brackets the lowest of a patient, by number of sources.",
        "",
        *table(("target", *("1 source" if c == "1" else f"{c} sources" for c in counts)), shares),
    ]


def thickness(_: dict[str, Any], part: Evaluation) -> list[str]:
    """Thick slices."""
    columns = list(next(iter(part.values())))
    return [
        "## Thick slices",
        "",
        "Sources averaged over slices of that thickness and interpolated back (psnr / ssim):",
        "",
        *table(("target", *columns), [(t, *(pair(found[c]) for c in columns)) for t, found in part.items()]),
    ]


def parity(_: dict[str, Any], part: Evaluation) -> list[str]:
    """Agreement of the runtimes."""
    rows = [(name, f"{value:.1e}" if name.endswith("difference") else value) for name, value in part.items()]
    return ["## Parity", "", *table(("what", "figure"), rows)]


def speed(_: dict[str, Any], part: Evaluation) -> list[str]:
    """Speed of the networks."""
    rows = [(name, s["engine"], s["pytorch"], s["ratio"]) for name, s in part["stages"].items()]
    return [
        "## Speed",
        "",
        f"Milliseconds per slice on {part['threads']} CPU threads: the engine (onnxruntime-node), and "
        "networks "
        "of the same shape in PyTorch, in the same run:",
        "",
        *table(("network", "engine", "PyTorch", "engine / PyTorch"), rows),
    ]


def calibration(_: dict[str, Any], part: Evaluation) -> list[str]:
    """The intensity calibration."""
    rows = [
        (target, found["strength"], strength, scores["psnr"], scores["psnr_brasyn"])
        for target, found in part.items()
        for strength, scores in found["strengths"].items()
    ]
    return [
        "## Intensity calibration",
        "",
        "The mean of the samples goes through a monotone curve that gives it the intensity distribution of a "
        "typical brain. The curve was fitted on training patients, each synthesized by the member that was "
        "trained without the patient. Scores of each strength on patients that the curve was not fitted on "
        "(0: no curve); the strongest that costs at most 0.03 dB of psnr ships:",
        "",
        *table(("target", "ships", "strength", "psnr", "psnr_brasyn"), rows),
    ]


SECTIONS = {  # by part of evaluation.json
    "targets": targets,
    "tone": calibration,
    "subsets": subsets,
    "lesions": lesions,
    "origin": origin,
    "ablation": ablation,
    "guidance": held_out_ablation,
    "uncertainty": uncertainty,
    "spread": spread,
    "thickness": thickness,
    "parity": parity,
    "speed": speed,
}


def networks(manifest: dict[str, Any]) -> list[str]:
    """Operations and sizes of the networks."""
    flops = {
        name: network["flops"] / manifest["grid"]["slab"] / 1e6
        for name, network in manifest["networks"].items()
    }
    return [
        "## Networks",
        "",
        f"C-UNet, one sample: {(flops['cunet-encoder-0'] + flops['cunet-decoder-0']) / 1e3:.2f} GFLOP a "
        "slice (2 per multiply-add).",
        "",
        *table(
            ("network", "MFLOP a slice", *(f"kB {p}" for p in manifest["files"])),
            [
                (
                    name,
                    f"{cost:.1f}",
                    *(round(files[name]["bytes"] / 1e3) for files in manifest["files"].values()),
                )
                for name, cost in flops.items()
            ],
        ),
    ]


def write_card(bundle: Path) -> None:
    """Write MODEL_CARD.md and its charts."""
    evaluation = (
        json.loads((bundle / "evaluation.json").read_text())
        if (bundle / "evaluation.json").exists()
        else None
    )
    if evaluation:
        draw_charts(bundle / "charts", evaluation)
    (bundle / "MODEL_CARD.md").write_text(card(json.loads((bundle / "bundle.json").read_text()), evaluation))
