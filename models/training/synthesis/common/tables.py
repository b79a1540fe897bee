"""Summaries of rows of figures: means with intervals over persons, as JSON and as Markdown tables."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

from .. import CONTRASTS
from .bootstrap import Interval, difference, interval

Row = dict[str, Any]
"""The figures of one patient and target, flat: patient, group, target, sources ("t1+t2+flair"), and one
number per column (None: undefined)."""

NAMES = (*CONTRASTS, "t1ce without enhancement")
"""Names of a prediction's channels; the last is compared with the acquired T1ce as well."""

IMAGE_COLUMNS = {
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


def with_change(found: Interval, moved: Interval | None, digits: int) -> str:
    """A mean, and its change where there is one -> "20.51 (+0.40 +- 0.12)", with the standard error"""
    text = f"{found.mean:.{digits}f}" if found.n else "-"
    return f"{text} ({moved.mean:+.{digits}f} +- {moved.error:.{digits}f})" if moved and moved.n else text


def by(rows: Sequence[Row], *keys: str) -> dict[str, list[Row]]:
    """-> the rows grouped by these columns, under "value, value", in the order of the contrasts"""
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
    """-> a Markdown table, one row per group; columns by name with their decimals, without those that no row
    has"""
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
    """-> the main tables in Markdown: means over patients, and in brackets 95 % intervals of a bootstrap over
    persons"""
    targets = by(rows, "target", "sources")
    parts = [
        f"# {title}",
        "Mean (95 % interval, bootstrap over persons). psnr, psnr_brasyn: dB.",
        table(targets, IMAGE_COLUMNS),
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
    """-> the value, or None for NaN and infinity, which JSON does not have"""
    return None if isinstance(value, float) and not math.isfinite(value) else value
