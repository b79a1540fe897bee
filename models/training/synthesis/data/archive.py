"""The archive of patients as stored: an index `meta.json` and one file per patient.

`NAME.npz.xz` is lossless. `NAME.webp.npz` holds each contrast as a WebP mosaic of the slices' bounding box,
with lossless brain mask and labels. `exclusions.json` lists patients that are left out and contrasts that are
no target. A few files have 2 mm in plane; they are enlarged to 1 mm, and none of their contrasts is a target.
"""

from __future__ import annotations

import io
import json
import lzma
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image
from scipy import ndimage as ndi

from .. import CONTRASTS, SIDE

EXCLUSIONS = Path(__file__).with_name("exclusions.json")
SPLITS = {"train": "train", "val": "val", "val_first": "val", "extra": "extra"}
WHOLE = "no sub-regions"  # in what the index says of the labels
UNKNOWN_FLOOR = 0.15
"""Floor of a contrast whose source had negative intensities (z-scores): its true zero is not known, so a
typical value is assumed."""


@dataclass(frozen=True)
class Stored:
    """A patient's voxels as stored; axes z (foot to head), y (anterior to posterior), x (right to left)."""

    image: np.ndarray  # uint8 code [4, Z, 192, 192], see `codes.py`; all 0 where a contrast is missing
    brain: np.ndarray  # bool [Z, 192, 192]
    labels: np.ndarray  # uint8 [Z, 192, 192]


@dataclass(frozen=True)
class Case:
    """A patient of the archive, before the voxels are read."""

    id: str
    path: Path
    split: str  # "train", "val" or "extra"
    group: str  # files of one person have the same
    present: tuple[bool, ...]  # [4], the contrasts that exist
    target: tuple[bool, ...]  # [4], those fit to be learned from or scored as a target
    slice_spacing: float  # mm along z; 1 in plane
    segmented: bool  # False: lesions were not segmented
    whole_lesion: bool  # labels have the whole lesion, without sub-regions
    percentiles: tuple[tuple[float, float] | None, ...]  # [4], source intensity of the stored 0 and 1

    def arrays(self) -> Stored:
        """-> the voxels. Raises ValueError with the file's name if it cannot be read."""
        try:
            stored = (
                read_lossless(self.path) if self.path.name.endswith(".npz.xz") else read_mosaics(self.path)
            )
        except (OSError, KeyError, EOFError, lzma.LZMAError) as error:
            raise ValueError(
                f"{self.path}: cannot be read as a patient ({error}). Fetch the file again."
            ) from error
        return stored if stored.brain.shape[-1] == SIDE else enlarged(stored)

    @property
    def floors(self) -> tuple[float, ...]:
        """-> [4], distance from the scanner's zero to the stored 0 in stored intensity: intensity + floor is
        proportional to the signal"""
        return tuple(floor(p) for p in self.percentiles)


def floor(percentiles: tuple[float, float] | None) -> float:
    """Source intensity of the stored 0 and 1 -> distance from the scanner's zero to the stored 0, in stored
    intensity"""
    if percentiles is None:
        return UNKNOWN_FLOOR
    low, high = percentiles
    return low / (high - low) if low >= 0 and high > low else UNKNOWN_FLOOR


def read_lossless(path: Path) -> Stored:
    """Read `NAME.npz.xz`."""
    with lzma.open(path) as file, np.load(io.BytesIO(file.read())) as arrays:
        image = arrays["img"]
        brain = np.unpackbits(arrays["brain"], axis=-1)[..., : image.shape[-1]].astype(bool)
        return Stored(image, brain, arrays["seg"])


def read_mosaics(path: Path) -> Stored:
    """Read `NAME.webp.npz`."""
    with np.load(path) as arrays:
        depth, top, bottom, left, right, side, columns = (int(v) for v in arrays["geometry"])
        box = (slice(None), slice(top, bottom), slice(left, right))
        size = (depth, bottom - top, right - left)
        brain, labels = np.zeros((depth, side, side), bool), np.zeros((depth, side, side), np.uint8)
        brain[box] = np.unpackbits(arrays["brain"], axis=-1)[..., : size[2]].astype(bool)
        labels[box] = np.frombuffer(lzma.decompress(arrays["seg"].tobytes()), np.uint8).reshape(size)
        image = np.zeros((len(CONTRASTS), depth, side, side), np.uint8)
        for volume, name in zip(image, (f"c{i}" for i in range(len(CONTRASTS))), strict=True):
            if arrays[name].size:
                volume[box] = slices_of(decode_webp(arrays[name].tobytes()), size, columns)
                volume[:] = np.where(brain, np.maximum(volume, 1), 0)
        return Stored(image, brain, labels)


def enlarged(stored: Stored) -> Stored:
    """Pixels of 2 mm [..., 96, 96] -> of 1 mm [..., 192, 192]; images by linear interpolation in the brain,
    masks by repetition"""
    factor = SIDE // stored.brain.shape[-1]
    brain, labels = (np.repeat(np.repeat(a, factor, -2), factor, -1) for a in (stored.brain, stored.labels))

    def linear(volume: np.ndarray) -> np.ndarray:
        return np.asarray(
            ndi.zoom(volume.astype(np.float32), (1, factor, factor), order=1, grid_mode=True, mode="nearest")
        )

    weight = np.maximum(linear(stored.brain), 1e-6)
    image = [np.rint(linear(volume) / weight) * brain for volume in stored.image]
    return Stored(np.stack(image).astype(np.uint8), brain, labels)


def decode_webp(data: bytes) -> np.ndarray:
    """content of a WebP file -> uint8 [H, W]"""
    with Image.open(io.BytesIO(data)) as image:
        return np.array(image.convert("L"))


def slices_of(mosaic: np.ndarray, size: tuple[int, int, int], columns: int) -> np.ndarray:
    """mosaic [rows * H, columns * W] -> the slices [Z, H, W], laid out row by row"""
    depth, height, width = size
    tiles = mosaic.reshape(-1, height, columns, width).swapaxes(1, 2)
    return tiles.reshape(-1, height, width)[:depth]


def mosaic_of(slices: np.ndarray, columns: int) -> np.ndarray:
    """slices [Z, H, W] -> mosaic [rows * H, columns * W], row by row, the rest 0"""
    depth, height, width = slices.shape
    rows = -(-depth // columns)
    tiles = np.zeros((rows * columns, height, width), slices.dtype)
    tiles[:depth] = slices
    return tiles.reshape(rows, columns, height, width).swapaxes(1, 2).reshape(rows * height, columns * width)


def read_archive(data: Path) -> list[Case]:
    """Folder with `meta.json` -> its patients but those left out, sorted by id

    Raises ValueError if the folder holds no archive or a file is missing.
    """
    index = data / "meta.json"
    if not index.is_file():
        raise ValueError(
            f"{data}: no archive of patients (meta.json is missing). Name the folder that holds it."
        )
    meta, exclusions = json.loads(index.read_text()), json.loads(EXCLUSIONS.read_text())
    splits = {name: SPLITS[split] for split, names in meta["split"].items() for name in names}
    groups = {name: group for group, names in meta["groups"].items() for name in names}
    cases = [
        case_of(
            name,
            entry,
            data,
            splits[name],
            groups.get(name, name),
            CONTRASTS if name in exclusions["no_target"] else tuple(exclusions["not_a_target"].get(name, ())),
        )
        for name, entry in sorted(meta["cases"].items())
        if name not in exclusions["leave_out"]
    ]
    missing = [str(case.path) for case in cases if not case.path.is_file()]
    if missing:
        raise ValueError(
            f"{missing[0]}: in {index} but not there ({len(missing)} such). Complete the archive or index."
        )
    return cases


def case_of(
    name: str, entry: dict[str, Any], data: Path, split: str, group: str, avoided: tuple[str, ...]
) -> Case:
    """Entry of the index; `avoided`: contrasts that are no target."""
    present = tuple(bool(v) for v in entry["valid"])
    avoided = (*avoided, *(entry.get("avoid_as_target") or ()))
    percentiles = entry["percentiles_0p5_99p5"]
    return Case(
        id=name,
        path=data / entry["file"],
        split=split,
        group=group,
        present=present,
        target=tuple(
            here and contrast not in avoided for contrast, here in zip(CONTRASTS, present, strict=True)
        ),
        slice_spacing=float(entry["spacing_mm"][2]),
        segmented=bool(entry["seg_known"]),
        whole_lesion=WHOLE in str(entry.get("lesion")),
        percentiles=tuple(
            (float(percentiles[c][0]), float(percentiles[c][1])) if c in percentiles else None
            for c in CONTRASTS
        ),
    )
