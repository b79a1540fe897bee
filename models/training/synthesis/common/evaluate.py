"""Scores synthesized contrasts patient by patient, cross-fitted, and sums them up with intervals over
persons.

A training patient is synthesized by the one network that never saw it, a validation patient by the mean of
all networks. The score is taken against the stored truth, as it came: shading and misregistration of the
truth count against the prediction. Columns that end in `_prepared` take the prepared truth instead
(registered, shading removed).
"""

from __future__ import annotations

import itertools
import json
import math
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Literal

import numpy as np
import torch
from tqdm import tqdm

from .. import CONTRASTS, ENHANCING, MS, T1, T1CE
from ..data.codes import NO_SIGNAL, decode
from ..data.patients import BRAIN, Patients, Record
from ..data.shading import shared_factor
from ..data.white_matter import white_matter
from . import enhancement, lesions, metrics
from .bootstrap import Interval, difference, interval
from .looks import look
from .prediction import Prediction, Predictor

Row = dict[str, Any]
"""The figures of one patient and target, flat: patient, group, target, sources ("t1+t2+flair"), and a
number a column (None: undefined)."""

Subsets = Literal["all others", "every"]

NAMES = (*CONTRASTS, "t1ce without enhancement")
"""Names in the tables of a prediction's channels; the last is scored against the acquired T1ce as well."""

FAST_LESION = ("kind", "size", "bias", "bias_sd", "cnr_ratio", "contrast_ratio")

PICTURE_COLUMNS = {
    "psnr": 2,
    "ssim": 3,
    "ssim_inner": 3,
    "r": 3,
    "mae": 4,
    "psnr_brasyn": 2,
    "sharpness": 2,
    "psnr_restored": 2,
    "ssim_restored": 3,
    "psnr_prepared": 2,
    "ssim_prepared": 3,
    "scale_ratio": 2,
}
LESION_COLUMNS = {
    "lesion_psnr": 2,
    "lesion_bias": 3,
    "lesion_bias_sd": 2,
    "lesion_cnr_real": 2,
    "lesion_cnr_synthetic": 2,
    "lesion_cnr_ratio": 2,
    "lesion_contrast_ratio": 2,
}
FOUND_COLUMNS = {"found_dice": 3, "found_sensitivity": 2, "found_false": 1, "found_volume_ratio": 2}
ENHANCEMENT_COLUMNS = {"enhancing_ml": 1, "missed_ml": 1, "false_ml": 1, "prevalence": 4}
"""Columns of the tables, and their decimals."""


def pictures(patients: Patients, index: int) -> np.ndarray:
    """-> float32 intensity [4, D, Y, X] of one patient's own slices"""
    record = patients.records[index]
    return decode(patients.images[index, :, record.first : record.first + record.depth].cpu().numpy())


def labelling(patients: Patients, index: int) -> tuple[np.ndarray, np.ndarray]:
    """-> brain, bool, and lesion labels, uint8, both [D, Y, X]"""
    record = patients.records[index]
    codes = patients.labels[index, record.first : record.first + record.depth].cpu().numpy()
    return (codes & BRAIN) > 0, codes & (BRAIN - 1)


def averaged(predictions: Sequence[Prediction]) -> Prediction:
    """-> the mean of several networks' predictions"""
    return Prediction(
        *(
            torch.stack([getattr(p, name) for p in predictions]).mean(0)
            for name in ("mean", "scale", "lesion")
        )
    )


def tasks(record: Record, subsets: Subsets) -> list[tuple[tuple[int, ...], list[int]]]:
    """-> (sources, targets to score) of a patient: each target from all other contrasts, or from every set
    of them"""
    present = [c for c in range(4) if record.present[c]]
    fewest = 1 if subsets == "every" else len(present) - 1
    chosen = [
        sources for n in range(max(fewest, 1), len(present)) for sources in itertools.combinations(present, n)
    ]
    return [
        (sources, targets)
        for sources in chosen
        if (targets := [c for c in present if c not in sources and record.target[c]])
    ]


def trained_without(predictors: Mapping[int, Predictor], record: Record) -> list[Predictor]:
    """-> the predictors that never saw this patient. Raises ValueError for a patient without one."""
    if record.split == "val":
        return list(predictors.values())
    if record.split != "train":
        raise ValueError(
            f"{record.id}: every fold trains on split {record.split!r}; evaluate 'train' or 'val'."
        )
    if record.fold not in predictors:
        raise ValueError(
            f"{record.id} needs the predictor of fold {record.fold}; there are only {sorted(predictors)}."
        )
    return [predictors[record.fold]]


def evaluate(
    predictors: Mapping[int, Predictor],
    patients: Patients,
    truth: Patients,
    run: Path,
    *,
    split: str,
    subsets: Subsets = "all others",
    why: str | None = None,
    fast: bool = False,
    indices: Sequence[int] | None = None,
    prepared: Patients | None = None,
    deshaded: bool = True,
) -> dict[str, Any]:
    """Predictors by the fold they left out, prepared patients and the same patients as stored -> the summary.

    Writes `<run>/evaluation/<split>-...`: a JSON file a patient, which a second call takes up again (remove
    the folder after a new training), and the summary as JSON and as markdown. Split "val" needs a reason,
    `why`, which is written down. `fast`, for ablations: psnr, ssim and the lesion's bias and ratios only.
    `indices`: only these patients of the split. `prepared`: where the networks see another variant, the
    prepared patients, for the columns that end in `_prepared`. `deshaded`: that variant is without shading;
    columns that end in `_restored` have the sources' shading put back before they are held against the
    stored truth.
    """
    chosen = [
        i
        for i in (range(len(patients)) if indices is None else indices)
        if patients.records[i].split == split
    ]
    if not chosen:
        raise ValueError(f"No patient of split {split!r} to evaluate; check the split and the indices.")
    if split == "val":
        look(f"evaluation of {run.name}", why)
    name = "-".join([split, subsets.replace(" ", "-"), *(["fast"] if fast else [])])
    folder = run / "evaluation" / name
    folder.mkdir(parents=True, exist_ok=True)
    stored = {record.id: i for i, record in enumerate(truth.records)}
    likened = prepared or patients
    where = {record.id: i for i, record in enumerate(likened.records)}
    rows: list[Row] = []
    for index in tqdm(chosen, desc=f"evaluate {name}", mininterval=10):
        record = patients.records[index]
        file = folder / f"{record.id}.json"
        if not file.exists():
            if record.id not in stored:
                raise ValueError(
                    f"{record.id} is not among the stored patients; load the same splits of both variants."
                )
            found = score_patient(
                trained_without(predictors, record),
                patients,
                index,
                pictures(truth, stored[record.id]),
                pictures(likened, where[record.id]),
                subsets,
                fast,
                deshaded,
            )
            write(file, [{key: defined(value) for key, value in row.items()} for row in found])
        rows += json.loads(file.read_text())
    summary = summarize(rows)
    write(folder.with_suffix(".json"), summary)
    folder.with_suffix(".md").write_text(markdown(rows, f"{split}: each target from {subsets}"))
    return summary


def score_patient(
    predictors: Sequence[Predictor],
    patients: Patients,
    index: int,
    acquired: np.ndarray,
    prepared: np.ndarray,
    subsets: Subsets,
    fast: bool,
    deshaded: bool,
) -> list[Row]:
    """-> a row for every task of one patient; acquired and prepared truth [4, D, Y, X]. Raises ValueError
    where they have other slices than the patient."""
    record = patients.records[index]
    if not acquired.shape[1] == prepared.shape[1] == record.depth:
        raise ValueError(
            f"{record.id} has other slices in its stored than in its prepared variant; prepare it anew."
        )
    brain, labels = labelling(patients, index)
    lesion = (labels > 0) & brain
    white = white_matter(
        {c: prepared[c] for c in range(4) if record.present[c]}, brain, lesion, record.slice_spacing
    )
    rows: list[Row] = []
    for sources, targets in tasks(record, subsets):
        prediction = averaged([predict(patients, index, sources) for predict in predictors])
        mean, scale, classes = (
            t.float().cpu().numpy() for t in (prediction.mean, prediction.scale, prediction.lesion)
        )
        made = [(c, c) for c in targets] + [(len(CONTRASTS), T1CE)] * (
            T1CE in targets and len(mean) > len(CONTRASTS) and not fast
        )
        for channel, target in made:
            scores = (metrics.quick if fast else metrics.compare)(mean[channel], acquired[target], brain)
            likened = metrics.scaled(prepared[target], brain)
            scores["psnr_prepared"] = metrics.psnr(
                metrics.fitted(mean[channel], likened, brain)[0], likened, brain
            )
            row: Row = {
                "patient": record.id,
                "group": record.group,
                "target": NAMES[channel],
                "sources": "+".join(CONTRASTS[c] for c in sources),
                **scores,
            }
            if not fast:
                row |= {
                    f"{key}_prepared": value
                    for key, value in metrics.compare(mean[channel], prepared[target], brain).items()
                }
                error = np.abs(mean[channel] - prepared[target])[brain].mean()
                row["scale_ratio"] = float(scale[channel][brain].mean() / max(error, 1e-6))
            if record.segmented and lesion.any() and white.any():
                figures = lesions.measure(mean[channel], acquired[target], brain, labels, white)
                row |= {
                    f"lesion_{key}": value for key, value in figures.items() if not fast or key in FAST_LESION
                }
            if record.segmented and not fast:
                row |= find_lesions(classes, labels, brain)
                if target == T1CE and T1 in sources and white.any():
                    row |= find_enhancement(mean[channel], classes, prepared, sources, labels, brain, white)
            if deshaded and record.shading:
                factor = shared_factor(record.shading, sources, brain.shape, record.slice_spacing)
                with_shading = (mean[channel] - NO_SIGNAL[target]) * factor + NO_SIGNAL[target]
                row |= {
                    f"{k}_restored": v
                    for k, v in metrics.quick(with_shading, acquired[target], brain).items()
                }
            rows.append(row)
    return rows


def find_lesions(classes: np.ndarray, labels: np.ndarray, brain: np.ndarray) -> Row:
    """Class probabilities [5, D, Y, X] of the lesion head, labels and brain -> how well it finds lesions"""
    found = lesions.detection((lesions.most_likely(classes) > 0) & brain, (labels > 0) & brain)
    sensitivity = found["found"] / found["lesions"] if found["lesions"] else None
    return {
        "found_sensitivity": sensitivity,
        **{f"found_{key}": found[key] for key in ("dice", "volume_ratio", "lesions", "false")},
    }


def find_enhancement(
    t1ce: np.ndarray,
    classes: np.ndarray,
    prepared: np.ndarray,
    sources: Sequence[int],
    labels: np.ndarray,
    brain: np.ndarray,
    white: np.ndarray,
) -> Row:
    """t1ce: the synthetic one. What a prediction without T1ce knows of enhancement: by the lesion head, by
    the synthetic T1ce, and by each source alone; and the enhancement that the synthetic T1ce invents or
    lacks. For MS patients only the latter."""
    row: Row = dict(enhancement.invented(t1ce, prepared[T1CE], prepared[T1], labels, brain, white))
    tumour = (labels > 0) & (labels != MS) & brain
    if not tumour.any():
        return row
    probability, positive = classes[ENHANCING], labels == ENHANCING
    row |= {
        "calibration_error": enhancement.calibration_error(probability[brain], positive[brain]),
        "calibration_error_in_tumour": enhancement.calibration_error(probability[tumour], positive[tumour]),
    }
    scores = {
        "head": probability,
        "synthetic": enhancement.relative_enhancement(t1ce, prepared[T1], white),
        **{CONTRASTS[c]: prepared[c] for c in sources},
    }
    for name, score in scores.items():
        ranks = enhancement.ranking(score, labels, brain)
        row["prevalence"] = ranks.pop("prevalence")
        row |= {f"{key}_{name}": value for key, value in ranks.items()}
    return row


def column(rows: Sequence[Row], name: str) -> Interval:
    """-> the mean of a column with its interval over persons; rows without a value are left out"""
    values = [math.nan if (value := row.get(name)) is None else float(value) for row in rows]
    return interval(values, [row["group"] for row in rows])


def change(before: Sequence[Row], after: Sequence[Row], name: str, target: str) -> Interval:
    """-> after - before in a column, paired by patient and sources, for one target"""
    a, b = (
        {
            f"{row['patient']} {row['sources']}": math.nan if row.get(name) is None else float(row[name])
            for row in rows
            if row["target"] == target
        }
        for rows in (before, after)
    )
    groups = {f"{row['patient']} {row['sources']}": row["group"] for row in before}
    return difference(a, b, groups)


def by(rows: Sequence[Row], *keys: str) -> dict[str, list[Row]]:
    """-> rows with one value in all of these columns together, under "value, value", in the order of the
    contrasts"""
    groups: dict[str, list[Row]] = {}
    for row in sorted(rows, key=lambda r: (NAMES.index(r["target"]), len(r["sources"].split("+")))):
        if all(row.get(key) is not None for key in keys):
            groups.setdefault(", ".join(str(row[key]) for key in keys), []).append(row)
    return groups


def summarize(rows: Sequence[Row]) -> dict[str, Any]:
    """-> target and sources -> column -> {mean, low, high, error, n}, and the rows themselves"""

    def intervals(part: Sequence[Row]) -> dict[str, Any]:
        names = {key for row in part for key, value in row.items() if isinstance(value, (int, float))}
        return {
            name: {key: defined(value) for key, value in vars(column(part, name)).items()}
            for name in sorted(names)
        }

    return {
        "summary": {key: intervals(part) for key, part in by(rows, "target", "sources").items()},
        "rows": list(rows),
    }


def table(groups: Mapping[str, Sequence[Row]], columns: Mapping[str, int]) -> str:
    """-> a markdown table: a row a group, columns by name with their decimals; columns that no row has are
    left out"""
    shown = {
        name: digits
        for name, digits in columns.items()
        if any(row.get(name) is not None for part in groups.values() for row in part)
    }
    lines = ["| | n | " + " | ".join(shown) + " |", "|---|---|" + "---|" * len(shown)]
    for key, part in groups.items():
        cells = " | ".join(column(part, name).text(digits) for name, digits in shown.items())
        lines.append(f"| {key} | {len(part)} | {cells} |")
    return "\n".join(lines)


def markdown(rows: Sequence[Row], title: str) -> str:
    """-> the headline tables: means over patients, with 95 % intervals of a bootstrap over persons in
    brackets"""
    targets = by(rows, "target", "sources")
    parts = [
        f"# {title}",
        "Mean (95 % interval, bootstrap over persons). psnr, psnr_brasyn: dB.",
        table(targets, PICTURE_COLUMNS),
    ]
    if any("lesion_bias" in row for row in rows):
        parts += [
            "## Lesions in the synthetic contrast",
            table(by(rows, "target", "sources", "lesion_kind"), LESION_COLUMNS),
            "By volume:",
            table(by(rows, "target", "lesion_kind", "lesion_size"), LESION_COLUMNS),
        ]
    if any("found_dice" in row for row in rows):
        parts += ["## Lesions found by the lesion head", table(targets, FOUND_COLUMNS)]
    enhanced = {key: part for key, part in targets.items() if any("false_ml" in row for row in part)}
    if enhanced:
        ranks = {
            name: 3
            for row in rows
            for name in row
            if name.startswith(("average_precision", "auc_in_tumour", "calibration_error"))
        }
        parts += ["## Enhancement without T1ce", table(enhanced, ENHANCEMENT_COLUMNS | ranks)]
    return "\n\n".join(parts) + "\n"


def defined(value: Any) -> Any:
    """NaN and infinity, which JSON does not know, -> None"""
    return None if isinstance(value, float) and not math.isfinite(value) else value


def write(file: Path, content: object) -> None:
    """JSON, whole or not at all"""
    partial = file.with_suffix(".part")
    partial.write_text(json.dumps(content, indent=1))
    partial.replace(file)
