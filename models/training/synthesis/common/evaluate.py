"""Scores synthesized contrasts patient by patient, out of fold, and summarizes them with intervals over
persons.

A training patient is synthesized by the network that was not trained on it, a validation patient by the
mean of all networks. Scores compare with the truth as stored, so shading and misregistration of the truth
count as errors. Columns that end in `_prepared` compare with the prepared truth (registered, shading
removed).
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from tqdm import tqdm

from ..data.patients import Patients, Record
from .files import write_json
from .looks import record_look
from .prediction import Predictor
from .score_patient import Subsets, score_patient, volumes_of
from .tables import Row, defined, markdown, summarize


def trained_without(predictors: Mapping[int, Predictor], record: Record) -> list[Predictor]:
    """-> the predictors that were not trained on this patient. Raises ValueError if there is none."""
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
    """Predictors by the fold they were trained without, the patients they see, and these as stored -> the
    summary.

    Writes `<run>/evaluation/<split>-...`: one JSON file per patient, which a second call reads again
    (remove the folder after a new training), and the summary as JSON and Markdown. Split "val" needs a
    reason, `why`, which is recorded. `fast`, for ablations: only psnr, ssim and the lesion's bias and
    ratios. `indices`: only these patients of the split. `prepared`: the prepared patients, if `patients`
    are another variant, for the columns that end in `_prepared`. `deshaded`: `patients` have no shading;
    columns that end in `_restored` compare with the stored truth after `target_shading` was applied.
    """
    chosen = [
        i
        for i in (range(len(patients)) if indices is None else indices)
        if patients.records[i].split == split
    ]
    if not chosen:
        raise ValueError(f"No patient of split {split!r} to evaluate; check the split and the indices.")
    if split == "val":
        record_look(f"evaluation of {run.name}", why)
    name = "-".join([split, subsets.replace(" ", "-"), *(["fast"] if fast else [])])
    folder = run / "evaluation" / name
    folder.mkdir(parents=True, exist_ok=True)
    stored = {record.id: i for i, record in enumerate(truth.records)}
    compared = prepared or patients
    where = {record.id: i for i, record in enumerate(compared.records)}
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
                volumes_of(truth, stored[record.id]),
                volumes_of(compared, where[record.id]),
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
