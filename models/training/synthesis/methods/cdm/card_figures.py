"""The figures of a model card, gathered from what a run measured. A part that was not measured is absent."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from ... import CONTRASTS, T1CE
from ...common.bootstrap import Interval, difference, interval
from ...common.tables import NAMES, Row, by, column

Figures = dict[str, Any]
Manifest = dict[str, Any]

IMAGE = ("psnr", "ssim", "ssim_inner", "r", "mae", "psnr_brasyn", "sharpness")
LESION = (
    "lesion_psnr",
    "lesion_bias",
    "lesion_cnr_real",
    "lesion_cnr_synthetic",
    "lesion_cnr_ratio",
    "lesion_contrast_ratio",
)
FOUND = ("found_dice", "found_sensitivity", "found_false", "found_volume_ratio")
ENGINE = ("val-others", "val-every", "train-others")
THICK = ("3", "5")  # mm

LEAST_AUC, LEAST_AUC_LOW = 0.75, 0.65
LEAST_PRECISION = 1.5  # times that of the best source
LARGEST_CALIBRATION_ERROR = 0.05
"""The gate: the T1ce may show enhancement only if all hold, out of fold."""

DEFINITION = (
    "Inside the archive's brain mask. Truth as acquired, clipped to its 0.5 and 99.5 percentiles and scaled "
    "to [0, 1]. psnr (dB), ssim (3-D, window 7, data range 1), ssim_inner (mask eroded by 4 voxels in plane) "
    "and mae after the least-squares line of the prediction onto the truth; r: Pearson; psnr_brasyn with the "
    "prediction scaled by its own percentiles instead; sharpness: share of the truth's energy above half of "
    "the Nyquist frequency in plane. Measured through the product's command line, from DICOM files to DICOM "
    "files (`python -m synthesis.common.engine_scores`)."
)


def gather(run: Path, manifest: Manifest, earlier: Path | None = None) -> Figures:
    """Run folder, the bundle's manifest, and the summary of `engine_scores` of an earlier bundle -> the
    card's figures."""
    val, every, train = (summary_of(run / f"engine/{name}.json") for name in ENGINE)
    own = summary_of(run / "evaluation/train-all-others.json")
    own_rows = shown(own["rows"], manifest) if own else []
    found: Figures = {}
    if val:
        found["validation"] = images(val["rows"])
        found["targets"] = patients_of(val["rows"])
        found["refused"] = [fault for fault in val["faults"] if fault["what"].startswith("refused")]
        found["region_dice"] = val["lowest_region_dice"]
        if earlier:
            version, before = earlier_scores(earlier)
            if both := compared(val["rows"], before):
                found["earlier"] = {"version": version, "targets": both}
    if every and every["subsets"]:
        found["subsets"] = every["subsets"]
    thick = {mm: s["rows"] for mm in THICK if (s := summary_of(run / f"engine/val-others-{mm}mm.json"))}
    if thick and val:
        found["thickness"] = of_the_same({"1": val["rows"], **thick})
    if train:
        found["engine_out_of_fold"] = images(train["rows"])
    if own:
        found["out_of_fold"] = images(own_rows)
    segmented = train["rows"] if train else own_rows
    if any("lesion_bias" in row for row in segmented):
        found["lesions"] = lesions(segmented)
    if own and any("found_dice" in row for row in own_rows):
        found["detection"] = {t: intervals(part, FOUND) for t, part in by(own_rows, "target").items()}
    if own and (gate := enhancement(own["rows"], own_rows)):
        found["enhancement"] = gate
    downstream = summary_of(run / "downstream/train.json")
    if downstream:
        found["referee"] = downstream["summary"]
    comparison = summary_of(run / "comparison.json")
    if comparison:
        found["uncertainty"] = comparison
    return rounded(found)


def of_the_same(thicknesses: Mapping[str, list[Row]]) -> Figures:
    """Rows by the slices' thickness -> the figures of those patients alone that were measured at all"""
    patients = set.intersection(*({row["patient"] for row in rows} for rows in thicknesses.values()))
    return {
        mm: images([row for row in rows if row["patient"] in patients]) for mm, rows in thicknesses.items()
    }


def summary_of(file: Path) -> Figures | None:
    """-> the content of a JSON file; None if it does not exist"""
    return dict(json.loads(file.read_text())) if file.exists() else None


def shown(rows: Sequence[Row], manifest: Manifest) -> list[Row]:
    """Rows of all channels -> those of the channels that the bundle shows, under their contrasts' names"""
    t1ce, other = CONTRASTS[T1CE], NAMES[len(CONTRASTS)]
    hidden = t1ce if t1ce in manifest.get("indeterminate", {}) else other
    named = {other: {"target": t1ce}}
    return [row | named.get(row["target"], {}) for row in rows if row["target"] != hidden]


def intervals(rows: Sequence[Row], names: Sequence[str]) -> dict[str, Any]:
    """-> the columns that some row has, as means with their intervals"""
    return {name: vars(found) for name in names if (found := column(rows, name)).n}


def images(rows: Sequence[Row]) -> dict[str, Any]:
    """-> by target the figures of the images, each from all other contrasts"""
    return {target: intervals(part, IMAGE) for target, part in by(rows, "target").items()}


def patients_of(rows: Sequence[Row]) -> dict[str, dict[str, dict[str, float]]]:
    """-> target -> patient -> the figures of the image"""
    found: dict[str, dict[str, dict[str, float]]] = {}
    for target, part in by(rows, "target").items():
        found[target] = {r["patient"]: {k: r[k] for k in IMAGE if r.get(k) is not None} for r in part}
    return found


def earlier_scores(file: Path) -> tuple[str, dict[str, dict[str, dict[str, float]]]]:
    """Summary of `engine_scores` -> the bundle's version, and target -> patient -> figures. Raises ValueError
    for a file of another kind, or of several bundles."""
    content = json.loads(file.read_text())
    versions = {bundle.split()[1] for bundle in content.get("bundles", {}).values()}
    if "rows" not in content or len(versions) != 1:
        raise ValueError(f"{file}: not the summary of engine_scores of one bundle.")
    return versions.pop(), patients_of(content["rows"])


def compared(rows: Sequence[Row], earlier: Mapping[str, Mapping[str, Mapping[str, float]]]) -> Figures:
    """-> target -> figure -> its mean now and before, and the paired difference, over the patients in both"""
    found: Figures = {}
    for target, part in by(rows, "target").items():
        before = earlier.get(target, {})
        both = [row for row in part if row["patient"] in before]
        groups = {row["patient"]: row["group"] for row in both}
        for name in IMAGE:
            then = {p: float(before[p][name]) for p in groups if before[p].get(name) is not None}
            now = {row["patient"]: float(row[name]) for row in both if row.get(name) is not None}
            change = difference(then, now, groups)
            if change.n:
                same = [p for p in now if p in then]
                found.setdefault(target, {})[name] = {
                    "now": vars(mean_of(now, same, groups)),
                    "before": vars(mean_of(then, same, groups)),
                    "difference": vars(change),
                }
    return found


def mean_of(values: Mapping[str, float], patients: Sequence[str], groups: Mapping[str, str]) -> Interval:
    """-> the mean over these patients"""
    return interval([values[p] for p in patients], [groups[p] for p in patients])


def lesions(rows: Sequence[Row]) -> list[Figures]:
    """-> the figures of lesions by target and kind"""
    return [
        {"target": part[0]["target"], "kind": part[0]["lesion_kind"], **intervals(part, LESION)}
        for part in by(rows, "target", "lesion_kind").values()
    ]


def enhancement(rows: Sequence[Row], own: Sequence[Row]) -> Figures | None:
    """Rows of all channels, and of the shown ones -> whether enhancement is predicted: the gate, and the
    volumes in the T1ce that is shown; None if that was not measured"""
    t1ce = CONTRASTS[T1CE]
    ranked = [r for r in rows if r["target"] == t1ce and r.get("auc_in_tumour_head") is not None]
    if not ranked:
        return None
    auc, precision = column(ranked, "auc_in_tumour_head"), column(ranked, "average_precision_head")
    sources = {c: column(ranked, f"average_precision_{c}") for c in CONTRASTS}
    best = max((c for c in CONTRASTS if sources[c].n), key=lambda c: sources[c].mean)
    calibration = column(ranked, "calibration_error")
    volumes = [r for r in own if r["target"] == t1ce and r.get("false_ml") is not None]
    passed = {
        "auc": auc.mean >= LEAST_AUC and auc.low > LEAST_AUC_LOW,
        "average_precision": precision.mean >= LEAST_PRECISION * sources[best].mean,
        "calibration_error": calibration.mean <= LARGEST_CALIBRATION_ERROR,
    }
    return {
        "auc": vars(auc),
        "average_precision": vars(precision),
        "prevalence": vars(column(ranked, "prevalence")),
        "best_source": best,
        "best_source_average_precision": vars(sources[best]),
        "synthetic_average_precision": vars(column(ranked, "average_precision_synthetic")),
        "calibration_error": vars(calibration),
        "calibration_error_in_tumour": vars(column(ranked, "calibration_error_in_tumour")),
        "conditions": passed,
        "passed": all(passed.values()),
        "patients": len(volumes),
        **{key: sum(r[key] for r in volumes) for key in ("enhancing_ml", "missed_ml", "false_ml")},
    }


def metrics_of(figures: Figures, manifest: Manifest) -> Figures:
    """-> the manifest's `metrics`: what a list of bundles would show"""
    if "validation" not in figures:
        return {}
    roles = manifest["roles"]
    found: Figures = {
        "definition": "Mean over the validation patients. " + DEFINITION,
        "patients": len({p for patients in figures["targets"].values() for p in patients}),
        "targets": {
            target: {
                "sources": [role for role in roles if role != target],
                **{name: value["mean"] for name, value in columns.items()},
            }
            for target, columns in figures["validation"].items()
        },
    }
    out_of_fold = figures.get("engine_out_of_fold") or figures.get("out_of_fold")
    if out_of_fold:
        found["out_of_fold"] = {
            target: {name: columns[name]["mean"] for name in ("psnr", "ssim")}
            for target, columns in out_of_fold.items()
        }
    if "enhancement" in figures:
        gate = figures["enhancement"]
        found["enhancement"] = {
            "passed": gate["passed"],
            **{key: gate[key]["mean"] for key in ("auc", "average_precision", "calibration_error")},
        }
    return found


def rounded(content: Any) -> Any:
    """-> the same with four decimals, and None for what JSON does not have"""
    if isinstance(content, float):
        return round(content, 4) if math.isfinite(content) else None
    if isinstance(content, Mapping):
        return {key: rounded(value) for key, value in content.items()}
    return [rounded(value) for value in content] if isinstance(content, list) else content
