"""Prepares every patient once: registration, shading, anchors.

    python -m synthesis.data.prepare --data DATA --work WORK

`WORK/<id>.json` is the record, `WORK/<variant>/<id>.npy` uint8 [5, Z, 192, 192]: four coded contrasts
(`codes.py`) and the label code (`patients.py`). All variants are made from the stored voxels:

    stored      unchanged
    anchored    shading removed, anchored
    registered  registered by one cubic interpolation, anchored, with its shading
    prepared    registered likewise, shading removed, anchored

Resumable: a patient whose record is written is done. `WORK/registration` keeps the transforms.
"""

from __future__ import annotations

import argparse
import json
import os
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np
from tqdm import tqdm

from .. import CONTRASTS, T1, T1CE, THICK
from ..common.command_line import exits_with_message
from ..common.files import write_json
from .anchors import Anchor, anchor, healthy_brain
from .archive import Case, read_archive
from .codes import decode, encode
from .folds import NO_FOLD, family, folds_of
from .nifti import read_nifti
from .patients import BRAIN
from .registration import IDENTITY, Alignment, align, resampled, shift_and_angle
from .shading import fit_shading, without
from .white_matter import white_matter

VARIANTS = ("stored", "anchored", "registered", "prepared")
DESHADED = ("anchored", "prepared")
NOTHING = Anchor(0.0, 1.0)  # of a missing contrast


def prepare(data: Path, work: Path, workers: int = 2) -> None:
    """Archive or folder of NIfTI patients -> work folder; prints a table

    Raises ValueError if a person is in validation and in training, and RuntimeError with the patients'
    names if some failed, after all others are done.
    """
    cases: Sequence[Case] = read_archive(data) if (data / "meta.json").is_file() else read_nifti(data)
    both = {c.group for c in cases if c.split == "val"} & {c.group for c in cases if c.split != "val"}
    if both:
        raise ValueError(f"{data}: {', '.join(sorted(both))} in validation and in training. Part them.")
    for variant in VARIANTS:
        (work / variant).mkdir(parents=True, exist_ok=True)
    folds = folds_of({case.id: case.group for case in cases if case.split == "train"})
    for case in cases:
        write_fold(record_path(work, case.id), folds.get(case.id, NO_FOLD))
    waiting = [case for case in cases if not record_path(work, case.id).is_file()]
    waiting.sort(key=lambda case: case.path.stat().st_size, reverse=True)
    failures: dict[str, str] = {}
    with ProcessPoolExecutor(workers) as pool:
        running = {
            pool.submit(prepare_one, case, work, folds.get(case.id, NO_FOLD)): case.id for case in waiting
        }
        for future in tqdm(as_completed(running), total=len(running), desc="prepare", unit="patient"):
            if error := future.exception():
                failures[running[future]] = str(error)
    print(
        table(
            [json.loads(record_path(work, case.id).read_text()) for case in cases if case.id not in failures]
        )
    )
    if failures:
        raise RuntimeError("Not prepared: " + "; ".join(f"{name} ({why})" for name, why in failures.items()))


def record_path(work: Path, name: str) -> Path:
    """The record of a patient."""
    return work / f"{name}.json"


def write_fold(record: Path, fold: int) -> None:
    """Write the fold into the record of a patient that was prepared from a smaller archive, or before records
    had one. Folds are those of the whole archive, so that they do not depend on who is prepared already."""
    if not record.is_file():
        return
    entry = json.loads(record.read_text())
    if entry.get("fold") != fold:
        write_json(record, entry | {"fold": fold})


def prepare_one(case: Case, work: Path, fold: int) -> None:
    """Write the variants and, last, the record of one patient."""
    stored = case.arrays()
    brain, lesion = stored.brain, stored.labels > 0
    there = [c for c, present in enumerate(case.present) if present]
    raw = {c: decode(stored.image[c]) * brain for c in there}
    floors = dict(enumerate(case.floors))
    alignments = alignments_of(case, raw, brain, lesion, work / "registration" / f"{case.id}.json")
    registered = {c: resampled(raw[c], alignments[c].matrix, brain) for c in there}
    shading = fit_shading(registered, brain, lesion, floors, case.slice_spacing)
    factors = {c: shading[c].factor(brain.shape, case.slice_spacing) for c in there}
    flat = {c: without(registered[c], factors[c], floors[c]) for c in there}
    white, healthy = (
        white_matter(flat, brain, lesion, case.slice_spacing),
        healthy_brain(brain, lesion, case.slice_spacing),
    )
    anchors = {c: anchor(flat[c], white, healthy) for c in there}
    # as the engine, which has no labels
    white_unlabelled = white_matter(flat, brain, np.zeros_like(lesion), case.slice_spacing)
    source_anchors = {c: anchor(flat[c], white_unlabelled, brain) for c in there}
    prepared = {c: anchors[c].anchored(flat[c]) for c in there}
    anchored = {c: anchors[c].anchored(without(raw[c], factors[c], floors[c])) for c in there}
    labels = stored.labels | (BRAIN * brain).astype(np.uint8)
    write_variant(
        work / "stored" / f"{case.id}.npy",
        [stored.image[c] * case.present[c] for c in range(len(CONTRASTS))],
        labels,
    )
    write_variant(work / "anchored" / f"{case.id}.npy", coded(anchored, brain), labels)
    write_variant(
        work / "registered" / f"{case.id}.npy",
        coded({c: anchors[c].anchored(registered[c]) for c in there}, brain),
        labels,
    )
    write_variant(work / "prepared" / f"{case.id}.npy", coded(prepared, brain), labels)
    centre = np.argwhere(brain).mean(0)
    write_json(
        record_path(work, case.id),
        {
            "id": case.id,
            "split": case.split,
            "group": case.group,
            "fold": fold,
            "depth": len(brain),
            "slice_spacing": case.slice_spacing,
            "present": case.present,
            "target": case.target,
            "segmented": case.segmented,
            "whole_lesion": case.whole_lesion,
            "floors": case.floors,
            "transforms": [
                alignments[c].matrix.ravel().tolist() if c in raw else IDENTITY.ravel().tolist()
                for c in range(len(CONTRASTS))
            ],
            "shading": [asdict(shading[c]) if c in raw else None for c in range(len(CONTRASTS))],
            "anchors": listed(anchors),
            "source_anchors": listed(source_anchors),
            "measured": {
                CONTRASTS[c]: {
                    "shift_mm": shift_and_angle(alignments[c].matrix, centre)[0].tolist(),
                    "angle_degrees": shift_and_angle(alignments[c].matrix, centre)[1],
                    "registration": alignments[c].note,
                    "below": float((prepared[c][brain] < 0).mean()),
                    "above": float((encode(prepared[c], brain)[brain] == 255).mean()),
                    "weakest": float(factors[c][brain].min()),
                    "strongest": float(factors[c][brain].max()),
                }
                for c in there
            },
            "white_matter_share": float(white.sum() / brain.sum()),
        },
    )


def listed(anchors: dict[int, Anchor]) -> list[list[float]]:
    """Anchors by contrast -> white matter and spread of all contrasts, as the record holds them"""
    return [[a.white_matter, a.spread] for a in (anchors.get(c, NOTHING) for c in range(len(CONTRASTS)))]


def alignments_of(
    case: Case, raw: dict[int, np.ndarray], brain: np.ndarray, lesion: np.ndarray, file: Path
) -> dict[int, Alignment]:
    """Stored intensity [Z, Y, X] by contrast, brain and lesion [Z, Y, X] -> alignment by contrast, read from
    the file or computed and written there

    Registration takes most of the time. If later steps change, delete the records and keep the file.
    """
    if file.is_file():
        kept = json.loads(file.read_text())
        return {int(c): Alignment(np.reshape(a["matrix"], (3, 4)), a["note"]) for c, a in kept.items()}
    found = {c: Alignment(IDENTITY, "thick slices") for c in raw} if case.slice_spacing > THICK else {}
    if not found:
        floors = dict(enumerate(case.floors))
        shading = fit_shading(raw, brain, lesion, floors)
        flat = {c: without(v, shading[c].factor(brain.shape, 1.0), floors[c]) * brain for c, v in raw.items()}
        reference = T1CE if case.present[T1CE] else T1
        found = {c: align(v, flat[reference], brain) for c, v in flat.items() if c != reference}
        found[reference] = Alignment(IDENTITY, "reference")
    file.parent.mkdir(parents=True, exist_ok=True)
    kept = {str(c): {"matrix": a.matrix.ravel().tolist(), "note": a.note} for c, a in found.items()}
    write_json(file, kept)
    return found


def coded(volumes: dict[int, np.ndarray], brain: np.ndarray) -> list[np.ndarray]:
    """Volumes [Z, Y, X] by contrast -> four coded contrasts uint8 [Z, Y, X], 0 where one is missing"""
    return [
        encode(volumes[c], brain) if c in volumes else np.zeros(brain.shape, np.uint8)
        for c in range(len(CONTRASTS))
    ]


def write_variant(path: Path, contrasts: list[np.ndarray], labels: np.ndarray) -> None:
    """Write uint8 [5, Z, Y, X] atomically."""
    unfinished = path.with_suffix(".part")
    with unfinished.open("wb") as file:
        np.save(file, np.stack([*contrasts, labels]))
    os.replace(unfinished, path)


def table(records: list[dict[str, Any]]) -> str:
    """-> the measurements, a line for each contrast and data source"""
    lines = [
        f"{len(records)} patients",
        f"{'contrast':9}{'family':16}{'n':>4}{'moved':>6}{'mm':>7}{'z':>7}{'y':>7}{'x':>7}{'degrees':>9}"
        f"{'below %':>9}{'above %':>9}{'weakest':>9}{'strongest':>10}",
    ]
    for name in CONTRASTS:
        of_contrast = [(family(r["id"]), r["measured"][name]) for r in records if name in r["measured"]]
        for group in [*sorted({f for f, _ in of_contrast}), "all"]:
            lines.append(f"{name:9}{group:16}" + line([m for f, m in of_contrast if group in (f, "all")]))
    kept = [
        f"{r['id']} {name}: {m['registration']}"
        for r in records
        for name, m in r["measured"].items()
        if m["registration"] not in ("", "reference", "thick slices")
    ]
    return "\n".join([*lines, *kept])


def line(measured: list[dict[str, Any]]) -> str:
    """Measurements of several patients -> count, count and shift of those moved, clipping and shading"""
    moved = [m for m in measured if not m["registration"]]
    shifts = np.array([m["shift_mm"] for m in moved]).reshape(-1, 3)
    mean = np.concatenate([[np.linalg.norm(shifts, axis=1).sum()], shifts.sum(0)]) / max(len(moved), 1)
    angle = sum(m["angle_degrees"] for m in moved) / max(len(moved), 1)
    below, above = (100 * np.mean([m[key] for m in measured]) for key in ("below", "above"))
    weakest, strongest = (np.mean([m[key] for m in measured]) for key in ("weakest", "strongest"))
    return (
        f"{len(measured):4}{len(moved):6}" + "".join(f"{v:7.2f}" for v in mean) + f"{angle:9.2f}"
        f"{below:9.3f}{above:9.3f}{weakest:9.2f}{strongest:10.2f}"
    )


@exits_with_message()
def main() -> None:
    """Command line."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--work", type=Path, required=True)
    parser.add_argument("--workers", type=int, default=2)
    prepare(**vars(parser.parse_args()))


if __name__ == "__main__":
    main()
