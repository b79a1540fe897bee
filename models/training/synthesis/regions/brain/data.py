"""The training data: whole heads with a brain mask, and skull-stripped brains."""

from __future__ import annotations

import io
import json
import lzma
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from scipy.cluster.vq import kmeans2
from scipy.ndimage import gaussian_filter

from ... import CONTRASTS
from ...common.dicom_study import patient_of
from ...data.archive import read_archive
from . import SPACING
from .grid import RAS_TO_LPS, to_canonical_grid

BRAIN_TISSUES, OTHER_TISSUES = 8, 12
MADE_BY_A_NETWORK = "MindGrab"
"""How the description of a mask begins that another network made."""
THICK = 3.0
"""Spacing of slices, mm, in which every patient must be seen as stripped."""


@dataclass(frozen=True)
class Head:
    """A whole head on the 2 mm grid, [Z, H, W]."""

    id: str
    person: str
    contrast: str
    affine: np.ndarray  # from (i, j, k) to LPS mm
    image: np.ndarray  # float32, 1 is the 99.5 percentile in the brain
    brain: np.ndarray  # bool
    tissues: np.ndarray  # uint8, 0 background, then OTHER_TISSUES, then BRAIN_TISSUES
    defaced: bool = False
    training_only: bool = False  # another network made the mask: not for scores


@dataclass(frozen=True)
class Stripped:
    """A stripped brain on a 2 mm grid, [Z, H, W]."""

    id: str
    # contrast -> intensity, any unit, 0 outside; voxels at the edge are averages with it
    images: dict[str, np.ndarray]
    brain: np.ndarray  # bool, voxels that are half brain or more


def person_of(head: str) -> str:
    """'openms-long-p01-s2-t1' -> 'openms-long-p01', the same for all sessions of a person"""
    return re.sub(r"-s\d+$", "", session_of(head))


def session_of(head: str) -> str:
    """'openms-long-p01-s2-t1' -> 'openms-long-p01-s2'"""
    return head.rsplit("-", 1)[0]


def read_heads(folder: Path) -> list[Head]:
    """-> all heads of our archive, by name. Those whose mask another network made are for training alone."""
    heads = []
    for name, facts in sorted(json.loads((folder / "meta.json").read_text()).items()):
        file = folder / f"{name}.npz.xz"
        if not file.exists():
            continue
        with np.load(io.BytesIO(lzma.open(file).read())) as archive:
            image = archive["img"].astype(np.float32) / 180
            mask = np.unpackbits(archive["brain"], axis=-1, count=image.shape[-1])
        affine = RAS_TO_LPS @ np.array(facts["affine_ijk_to_RASmm"])
        image, grid = to_canonical_grid(image, affine, SPACING)
        brain = to_canonical_grid(mask, affine, SPACING)[0] >= 0.5
        heads.append(
            Head(
                name,
                person_of(name),
                facts["contrast"],
                grid,
                image,
                brain,
                tissues(image, brain),
                defaced="defaced" in facts.get("source", ""),
                training_only=facts.get("mask", "").startswith(MADE_BY_A_NETWORK),
            )
        )
    return heads


def tissues(image: np.ndarray, brain: np.ndarray) -> np.ndarray:
    """Image and brain [Z, H, W] -> uint8 labels: clusters by intensity and smoothed intensity, inside and
    outside the brain"""
    features = np.stack([image, gaussian_filter(image, 1.5)], -1)
    labels = np.zeros(image.shape, np.uint8)
    first = 1
    for region, count in ((~brain & (image > 0.04), OTHER_TISSUES), (brain, BRAIN_TISSUES)):
        labels[region] = first + kmeans2(features[region], count, iter=8, minit="++", seed=0)[1]
        first += count
    return labels


def read_stripped(folder: Path, part: str) -> list[Stripped]:
    """-> the patients of `part` ('train', 'val') of our archive, averaged from 1 mm to 2 mm"""

    def halved(volume: np.ndarray) -> np.ndarray:
        z, y, x = (n // 2 for n in volume.shape)
        return volume[: 2 * z, : 2 * y, : 2 * x].reshape(z, 2, y, 2, x, 2).mean((1, 3, 5), dtype=np.float32)

    patients = []
    for case in read_archive(folder):
        if case.split == part:
            stored = case.arrays()
            there = [c for c, present in enumerate(case.present) if present]
            images = {
                CONTRASTS[c]: np.rint(halved(stored.image[c] * stored.brain)).astype(np.uint8) for c in there
            }
            patients.append(Stripped(case.id, images, halved(stored.brain) >= 0.5))
    return patients


def read_thick(folder: Path, spacing: float) -> Iterator[Stripped]:
    """-> every patient of our archive as a study with slices of `spacing` mm, on the 2 mm grid"""
    for case in read_archive(folder):
        patient = patient_of(case, (0.0, 0.0, 0.0), spacing)
        affine = np.diag([*patient.grid.spacing, 1.0])

        def on_grid(volume: np.ndarray, affine: np.ndarray = affine) -> np.ndarray:
            return to_canonical_grid(volume.astype(np.float32), affine, SPACING)[0]

        images = {CONTRASTS[c]: on_grid(volume) for c, volume in patient.volumes.items()}
        yield Stripped(case.id, images, on_grid(patient.brain) >= 0.5)
