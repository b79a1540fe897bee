"""Patients with T1 and T1ce as cases of the evaluation: what is acquired, and what a smaller dose shows."""

from __future__ import annotations

import zlib
from collections.abc import Collection
from dataclasses import dataclass
from itertools import zip_longest

import torch
from torch import Tensor

from ... import T1, T1CE, THICK
from ...common.score_patient import labelling, volumes_of
from ...data.folds import FOLDS
from ...data.patients import Patients, Record
from ...data.white_matter import white_matter
from .dose import SEQUENCES, Sequence, low_dose, noise_level


@dataclass(frozen=True)
class Case:
    """One patient, all [D, 192, 192], anchored; 0 outside the brain."""

    id: str
    group: str  # files of one person have the same
    fold: int
    t1: Tensor
    t1ce: Tensor
    brain: Tensor  # bool
    white: Tensor  # bool, healthy white matter
    labels: Tensor  # uint8, lesions
    noise: tuple[float, float]  # standard deviations in t1 and t1ce
    sequence: Sequence  # of the simulation

    def low(self, dose: float, factor: float = 1.0) -> Tensor:
        """-> T1ce at that dose; `factor`: on the noise that is added. The same noise at every call."""
        white = torch.randn(
            self.t1.shape, generator=torch.Generator().manual_seed(zlib.crc32(self.id.encode()))
        )
        levels = [torch.tensor(factor * level) for level in self.noise]
        image = low_dose(self.t1, self.t1ce, torch.tensor(dose), self.sequence, (levels[0], levels[1]), white)
        return image * self.brain


def suited(record: Record) -> bool:
    """-> whether a patient can be learned from and scored: T1 and T1ce in thin slices"""
    return (
        record.present[T1] and record.present[T1CE] and record.target[T1CE] and record.slice_spacing <= THICK
    )


def held_out(patients: Patients, scored: int, folds: Collection[int] = range(FOLDS)) -> list[int]:
    """-> at most `scored` segmented training patients of the folds, in turn from each fold, and
    in each evenly spread over its data sources"""
    usable = patients.where(lambda r: suited(r) and r.segmented and not r.whole_lesion and r.fold in folds)
    of_fold: dict[int, list[int]] = {}
    for index in usable:
        of_fold.setdefault(patients.records[index].fold, []).append(index)
    share = -(-scored // max(1, len(of_fold)))
    spread = [
        [mine[n * len(mine) // count] for n in range(count)]
        for _, mine in sorted(of_fold.items())
        for count in [min(share, len(mine))]
    ]
    in_turn = [index for place in zip_longest(*spread) for index in place if index is not None]
    return in_turn[:scored]


def case_of(patients: Patients, index: int) -> Case:
    """-> the patient as a case. Raises ValueError for one that is not `suited`."""
    record = patients.records[index]
    if not suited(record):
        raise ValueError(f"{record.id} has no T1 and T1ce in thin slices.")
    volumes, (brain, labels) = volumes_of(patients, index), labelling(patients, index)
    white = torch.from_numpy(
        white_matter({T1: volumes[T1], T1CE: volumes[T1CE]}, brain, (labels > 0) & brain)
    )
    t1, t1ce = (torch.from_numpy(volumes[c] * brain) for c in (T1, T1CE))
    return Case(
        id=record.id,
        group=record.group,
        fold=record.fold,
        t1=t1,
        t1ce=t1ce,
        brain=torch.from_numpy(brain),
        white=white,
        labels=torch.from_numpy(labels),
        noise=(noise_level(t1, white), noise_level(t1ce, white)),
        sequence=SEQUENCES[zlib.crc32(record.id.encode()) % len(SEQUENCES)],
    )
