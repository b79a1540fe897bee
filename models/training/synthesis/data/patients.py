"""Prepared patients in one tensor each for images and labels, so that a whole batch is one gather on the
device."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property

import torch
from torch import Tensor

from .. import CEILING, CONTRASTS

CODES = 256
BRAIN = 128
"""Bit of a label code that is set inside the brain. The low bits are the lesion label."""


def intensity(codes: Tensor) -> Tensor:
    """uint8 codes (`codes.py`), any shape -> float32 intensity in [0, CEILING], 0 in the background"""
    return ((codes.float() - 1) / 199).clamp(0, CEILING)


def lookup(tables: Tensor, codes: Tensor) -> Tensor:
    """Tables [S, C, 256], codes uint8 [S, C, ...] -> intensities [S, C, ...]"""
    return tables.gather(2, codes.flatten(2).long()).view(codes.shape)


@dataclass(frozen=True)
class Record:
    """A patient's facts besides voxels."""

    id: str
    split: str  # "train", "val" or "extra"
    group: str  # files of one person have the same
    fold: int  # of cross-validation; NO_FOLD outside "train"
    first: int  # the slices first .. first + depth - 1 of axis z are the patient's, the others are padding
    depth: int
    slice_spacing: float  # mm along z; above THICK only axial planes, and neighbours are the slice itself
    present: tuple[bool, ...]  # [4], the contrasts that exist
    target: tuple[bool, ...]  # [4], those fit to be learned from or scored as a target
    segmented: bool  # False: lesions were not segmented, and labels of 0 mean nothing
    # [4][12], rows of a 3 x 4 matrix: reference voxel (z, y, x) -> voxel of the stored contrast
    transforms: tuple[tuple[float, ...], ...]
    # [4][2], white matter and healthy spread in stored intensity after shading is removed
    anchors: tuple[tuple[float, float], ...]
    # [4][13], centre and coefficients of each contrast's `shading.Shading`; empty if unknown
    shading: tuple[tuple[float, ...], ...] = ()
    whole_lesion: bool = False  # labels have the whole lesion, without sub-regions
    # [4][2], gain and offset of an intensity where the contrast is a source: anchored without labels
    source_scales: tuple[tuple[float, float], ...] = ((1.0, 0.0),) * len(CONTRASTS)

    @property
    def slices(self) -> slice:
        """The patient's own slices along z."""
        return slice(self.first, self.first + self.depth)


@dataclass(frozen=True)
class Patients:
    """P patients on one device."""

    records: tuple[Record, ...]
    images: Tensor  # uint8 code [P, 4, 192, 192, 192], axes patient, contrast, z, y, x
    labels: Tensor  # uint8 [P, 192, 192, 192], BRAIN bit and lesion label

    def __len__(self) -> int:
        return len(self.records)

    def where(self, keep: Callable[[Record], bool]) -> list[int]:
        """-> indices of the patients that `keep` accepts"""
        return [i for i, record in enumerate(self.records) if keep(record)]

    def only(self, indices: list[int]) -> Patients:
        """-> a copy of these patients"""
        return Patients(tuple(self.records[i] for i in indices), self.images[indices], self.labels[indices])

    @cached_property
    def source_tables(self) -> Tensor:
        """float32 [P, 4, 256], from code to the intensity of each contrast as a source; 0 for the
        background"""
        scales = torch.tensor([r.source_scales for r in self.records], device=self.images.device)
        gain, offset = scales[..., None].unbind(2)
        tables = (intensity(torch.arange(CODES, device=scales.device)) * gain + offset).clamp(0, CEILING)
        tables[..., 0] = 0
        return tables

    def as_sources(self, index: int) -> Tensor:
        """-> float32 [4, D, 192, 192], intensity of a patient's own slices as sources; 0 outside the brain"""
        slices = self.records[index].slices
        images = lookup(self.source_tables[index, None], self.images[index, None, :, slices])[0]
        return images * (self.labels[index, slices] >= BRAIN)

    def to(self, device: torch.device) -> Patients:
        """-> the patients on another device"""
        return Patients(self.records, self.images.to(device), self.labels.to(device))
