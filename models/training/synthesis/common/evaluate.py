"""Scores synthesized contrasts patient by patient, cross-fitted, and sums them up with intervals over
persons.

A training patient is synthesized by the one network that never saw it, a validation patient by the mean of
all networks. The score is taken against the stored truth, as it came: shading and misregistration of the
truth count against the prediction. Columns that end in `_prepared` take the prepared truth instead
(registered, shading removed).
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from tqdm import tqdm

from ..data.patients import Patients, Record
from .files import write_json
from .looks import look
from .prediction import Predictor
from .score_patient import Subsets, pictures, score_patient
from .tables import Row, defined, markdown, summarize


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
            write_json(file, [{key: defined(value) for key, value in row.items()} for row in found])
        rows += json.loads(file.read_text())
    summary = summarize(rows)
    write_json(folder.with_suffix(".json"), summary)
    folder.with_suffix(".md").write_text(markdown(rows, f"{split}: each target from {subsets}"))
    return summary
