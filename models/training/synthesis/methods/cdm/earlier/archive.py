"""Our archive of patients: `meta.json` and `<part>/<patient>.npz.xz`, 1 mm isotropic.

A file has `img` (uint8 code [4, Z, 192, 192]), `brain` (packed bits) and `seg` (uint8 labels). Patients of
`extra` are stored at 2 mm in plane and lack contrasts.
"""

from __future__ import annotations

import io
import json
import lzma
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F

from . import CONTRASTS

SIDE = 192  # rows and columns

EXCLUSIONS = json.loads(Path(__file__).with_name("exclusions.json").read_text())
"""Patients that are left out, and contrasts that are good enough as a source but not as a target, with the
reasons"""


@dataclass(frozen=True)
class RawPatient:
    """An entry of the archive's index; contrasts are indices."""

    id: str
    path: Path
    sources: tuple[int, ...]
    targets: tuple[int, ...]
    seg_known: bool

    def arrays(self) -> tuple[np.ndarray, np.ndarray, np.ndarray | None]:
        """-> uint8 code [4, Z, 192, 192], brain bool [Z, 192, 192], labels uint8 or None"""
        with np.load(io.BytesIO(lzma.open(self.path).read())) as archive:
            image = archive["img"]
            brain = np.unpackbits(archive["brain"], axis=-1, count=image.shape[-1]).astype(bool)
            lesion = archive["seg"] if self.seg_known else None
        factor = SIDE // image.shape[-1]
        if factor > 1:
            image = enlarge_smoothly(image, brain, factor)
            brain = repeat(brain, factor)
            lesion = None if lesion is None else repeat(lesion, factor)
        return image, brain, lesion


def repeat(a: np.ndarray, factor: int) -> np.ndarray:
    """[..., H, W] -> [..., factor H, factor W], each value repeated"""
    return a.repeat(factor, -1).repeat(factor, -2)


def enlarge_smoothly(image: np.ndarray, brain: np.ndarray, factor: int) -> np.ndarray:
    """uint8 code [4, Z, H, W] and bool [Z, H, W] -> code [4, Z, factor H, factor W], interpolated linearly
    inside the brain"""

    def zoom(a: np.ndarray) -> np.ndarray:
        return F.interpolate(
            torch.from_numpy(np.ascontiguousarray(a, np.float32)), scale_factor=factor, mode="bilinear"
        ).numpy()

    weight = zoom(brain[None])
    return np.where(repeat(brain, factor), np.rint(zoom(image * brain) / np.maximum(weight, 1e-6)), 0).astype(
        np.uint8
    )


def read_archive(data: Path, part: str) -> Iterator[RawPatient]:
    """The patients of `part` ('train', 'val', 'extra') but those left out, by name."""
    meta = json.loads((data / "meta.json").read_text())
    for name in sorted(meta["split"].get(part, [])):
        if name in EXCLUSIONS["leave_out"]:
            continue
        case = meta["cases"][name]
        sources = tuple(i for i, valid in enumerate(case["valid"]) if valid)
        targets = tuple(i for i in sources if CONTRASTS[i] not in EXCLUSIONS["not_a_target"].get(name, ()))
        yield RawPatient(name, data / part / f"{name}.npz.xz", sources, targets, case.get("seg_known", False))
