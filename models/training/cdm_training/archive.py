"""Our archive of patients: `meta.json` and `<part>/<patient>.npz.xz` with `img` (uint8 code [4, Z, 192, 192]), `brain` (packed bits)
and `seg` (uint8 labels), 1 mm isotropic. Patients of `extra` are stored at 2 mm in plane, and lack contrasts."""
from __future__ import annotations

import io
import json
import lzma
from dataclasses import dataclass
from pathlib import Path
from typing import Iterator

import numpy as np
import torch
import torch.nn.functional as F

from . import CONTRASTS

SIDE = 192  # rows and columns

NOT_A_TARGET = {"BraTS2021_01482": ("t1",), "MSLesSeg-P14-T2": ("t1",), "MSLesSeg-P14-T3": ("t1",)}
"""Contrasts too poor to learn from as a target (a thick sagittal series; scaled dark by what the stripping left), though usable as a source."""

LEFT_OUT = ("deepmedic-brats2013_pat0004",)
"""Probably the same person as Brats18_2013_21_1: would sit on both sides of a fold."""


@dataclass(frozen=True)
class RawPatient:
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
    """uint8 code [4, Z, H, W] and bool [Z, H, W] -> code [4, Z, factor H, factor W], interpolated inside the brain"""
    def zoom(a: np.ndarray) -> np.ndarray:
        return F.interpolate(torch.from_numpy(np.ascontiguousarray(a, np.float32)), scale_factor=factor, mode="bilinear").numpy()

    weight = zoom(brain[None])
    return np.where(repeat(brain, factor), np.rint(zoom(image * brain) / np.maximum(weight, 1e-6)), 0).astype(np.uint8)


def read_archive(data: Path, part: str) -> Iterator[RawPatient]:
    meta = json.loads((data / "meta.json").read_text())
    for name in sorted(meta["split"].get(part, [])):
        if name in LEFT_OUT:
            continue
        case = meta["cases"][name]
        sources = tuple(i for i, valid in enumerate(case["valid"]) if valid)
        targets = tuple(i for i in sources if CONTRASTS[i] not in NOT_A_TARGET.get(name, ()))
        yield RawPatient(name, data / part / f"{name}.npz.xz", sources, targets, case.get("seg_known", False))
