"""Loads prepared patients, from a work folder (`prepare.py`) or a packed one (`pack.py`)."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import numpy as np
import torch
from tqdm import tqdm

from .. import CONTRASTS, SIDE
from .anchors import Anchor
from .pack import read_packed
from .patients import Patients, Record
from .prepare import VARIANTS

READERS = 8  # threads


def load(
    work: Path, variant: str = "prepared", splits: Sequence[str] = ("train", "val", "extra")
) -> Patients:
    """Work folder or packed folder -> the patients of the splits, sorted by id, slices centred in 192

    Raises ValueError if there are none, the variant is unknown or not packed, or a patient has more than 192
    slices.
    """
    if variant not in VARIANTS:
        raise ValueError(f"{variant}: no such variant. Choose one of {', '.join(VARIANTS)}.")
    packed = read_packed(work)
    other = {entry["variant"] for entry, _ in packed} - {variant}
    if other:
        raise ValueError(
            f"{work}: packed patients exist as '{min(other)}' only, not as '{variant}'. Load the work folder."
        )
    readers = packed or read_work(work, variant)
    chosen = sorted(
        ((entry, read) for entry, read in readers if entry["split"] in splits),
        key=lambda item: str(item[0]["id"]),
    )
    if not chosen:
        raise ValueError(
            f"{work}: no prepared patient of {', '.join(splits)}. Run synthesis.data.prepare first."
        )
    records = tuple(to_record(entry, variant) for entry, _ in chosen)
    images = torch.zeros(len(chosen), len(CONTRASTS), SIDE, SIDE, SIDE, dtype=torch.uint8)
    labels = torch.zeros(len(chosen), SIDE, SIDE, SIDE, dtype=torch.uint8)

    def place(i: int) -> None:
        slices = records[i].slices
        voxels = torch.from_numpy(chosen[i][1]())
        images[i, :, slices], labels[i, slices] = voxels[:-1], voxels[-1]

    with ThreadPoolExecutor(READERS) as pool:
        for _ in tqdm(pool.map(place, range(len(chosen))), total=len(chosen), desc="load", unit="patient"):
            pass
    return Patients(records, images, labels)


def read_work(work: Path, variant: str) -> list[tuple[dict[str, Any], Callable[[], np.ndarray]]]:
    """-> record and reader of every prepared patient; the reader returns uint8 [5, Z, 192, 192]"""

    def reader(path: Path) -> Callable[[], np.ndarray]:
        return lambda: np.asarray(np.load(path))

    return [
        (json.loads(path.read_text()), reader(work / variant / f"{path.stem}.npy"))
        for path in sorted(work.glob("*.json"))
    ]


def to_record(entry: dict[str, Any], variant: str = "prepared") -> Record:
    """Record as JSON -> Record of a variant. Raises ValueError for more than 192 slices, and without its fold
    or the anchors of the sources."""
    depth = int(entry["depth"])
    if depth > SIDE:
        raise ValueError(
            f"{entry['id']}: {depth} slices, more than {SIDE}. Cut it to the brain and prepare it anew."
        )
    if "fold" not in entry:
        raise ValueError(f"{entry['id']}: its record lacks the fold. Run synthesis.data.prepare again.")
    return Record(
        id=entry["id"],
        split=entry["split"],
        group=entry["group"],
        fold=int(entry["fold"]),
        first=(SIDE - depth) // 2,
        depth=depth,
        slice_spacing=float(entry["slice_spacing"]),
        present=tuple(entry["present"]),
        target=tuple(entry["target"]),
        segmented=bool(entry["segmented"]),
        transforms=tuple(tuple(t) for t in entry["transforms"]),
        anchors=tuple((float(a), float(b)) for a, b in entry["anchors"]),
        shading=tuple((*s["centre"], *s["coefficients"]) if s else () for s in entry["shading"]),
        whole_lesion=bool(entry["whole_lesion"]),
        **({} if variant == "stored" else {"source_scales": source_scales(entry)}),
    )


def source_scales(entry: dict[str, Any]) -> tuple[tuple[float, float], ...]:
    """Record as JSON -> `Record.source_scales` of anchored variants"""
    if "source_anchors" not in entry:
        raise ValueError(
            f"{entry['id']}: its record lacks the anchors of sources, without labels. Delete the records"
            " (*.json) in the work folder and run synthesis.data.prepare again; it keeps the registration."
        )
    return tuple(
        Anchor(*truth).scale_to(Anchor(*source))
        for truth, source in zip(entry["anchors"], entry["source_anchors"], strict=True)
    )
