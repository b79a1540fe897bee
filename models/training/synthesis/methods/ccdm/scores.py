"""Figures of a synthesized full-dose T1ce of one patient, and their tables."""

from __future__ import annotations

import numpy as np
from torch import Tensor

from ... import ENHANCING
from ...common import enhancement, metrics
from ...common.tables import Row, column
from .cases import Case

DOSES = (0.10, 0.25, 0.50)
"""Doses that are scored."""

COLUMNS = {
    "psnr": 2,
    "ssim": 3,
    "average_precision": 3,
    "precision_share": 3,
    "missed": 3,
    "false_ml": 2,
    "enhancement": 3,
    "mae": 4,
    "scale_ratio": 2,
}
"""Columns of the tables, and their decimals."""

LEGEND = (
    "Mean (95 % interval, bootstrap over persons). psnr: dB; precision_share: average precision of"
    " enhancement over that of the acquired T1ce; missed: share of the segmented enhancement without"
    " synthetic enhancement; false_ml: mL of enhancement more than 2 mm from any real one; enhancement: mean"
    " rise over T1 in enhancing tumour over that of the acquired T1ce; scale_ratio: expected over real"
    " error. Doses are simulated."
)


def score(case: Case, made: Tensor, scale: Tensor | None = None) -> Row:
    """A full-dose T1ce [D, Y, X] and its expected absolute error, if there is one -> its figures"""
    t1, truth, brain, white, labels, found = (
        t.numpy() for t in (case.t1, case.t1ce, case.brain, case.white, case.labels, made)
    )
    row: Row = {"patient": case.id, "group": case.group, **metrics.quick(found, truth, brain)}
    error = float(np.abs(found - truth)[brain].mean())
    row["mae"] = error
    if scale is not None:
        row["scale_ratio"] = float(scale.numpy()[brain].mean()) / max(error, 1e-6)
    errors = enhancement.enhancement_errors(found, truth, t1, labels, brain, white)
    row["false_ml"] = errors["false_ml"]
    enhancing = (labels == ENHANCING) & brain
    if enhancing.any():
        real, synthetic = (
            enhancement.average_precision(
                enhancement.relative_enhancement(volume, t1, white)[brain], enhancing[brain]
            )
            for volume in (truth, found)
        )
        row |= {
            "average_precision": synthetic,
            "precision_share": synthetic / real,
            "missed": errors["missed_ml"] / errors["enhancing_ml"],
            "enhancement": rise(case, made) / rise(case, case.t1ce),
        }
    return row


def rise(case: Case, made: Tensor) -> float:
    """-> mean intensity of an image over the T1 in enhancing tumour"""
    return float((made - case.t1)[(case.labels == ENHANCING) & case.brain].mean())


def table(rows: list[Row], keys: tuple[str, ...]) -> str:
    """Rows of figures -> a Markdown table, one line for each combination of the columns `keys`, in the order
    in which they come"""
    groups: dict[tuple[str, ...], list[Row]] = {}
    for row in rows:
        groups.setdefault(tuple(str(row[key]) for key in keys), []).append(row)
    shown = {name: digits for name, digits in COLUMNS.items() if any(name in row for row in rows)}
    lines = [f"| {' | '.join(keys)} | n | {' | '.join(shown)} |", "|---" * (len(keys) + 1 + len(shown)) + "|"]
    for key, part in groups.items():
        cells = [column(part, name).text(digits) for name, digits in shown.items()]
        lines.append("| " + " | ".join([*key, str(len(part)), *cells]) + " |")
    return "\n".join(lines)
