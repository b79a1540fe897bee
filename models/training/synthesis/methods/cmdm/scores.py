"""Figures of a refined contrast of one patient, and of its prior alone."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.stats import spearmanr

from ... import CONTRASTS, T1, T1CE
from ...common import enhancement, lesions, metrics
from ...common.score_patient import labelling, volumes_of
from ...common.tables import NAMES, Row
from ...data.patients import Patients
from ...data.white_matter import white_matter
from ..cdm.cunet import CUNet
from ..cdm.predict import volume
from .noise_level import NoiseLevels
from .predict import Slab, slabs_of
from .prior import channel

RANKED = 7  # every so many voxels of the brain enter a rank correlation


@dataclass(frozen=True)
class Case:
    """A contrast of a patient that is made of all others, on some of its slices. Arrays [D, H, W]."""

    id: str
    group: str
    target: int
    sources: tuple[int, ...]
    name: str  # of the C-UNet's output
    slabs: list[Slab]
    acquired: np.ndarray  # [4, D, H, W] prepared
    brain: np.ndarray
    labels: np.ndarray
    white: np.ndarray
    segmented: bool


def window(labels: np.ndarray, slices: int | None) -> slice:
    """Lesion labels [D, H, W] -> so many slices around the one with the largest lesion, or the middle; None:
    all"""
    depth = len(labels)
    if slices is None or slices >= depth:
        return slice(0, depth)
    sizes = (labels > 0).sum((1, 2))
    at = int(sizes.argmax()) if sizes.any() else depth // 2
    first = min(max(at - slices // 2, 0), depth - slices)
    return slice(first, first + slices)


def cases_of(
    patients: Patients,
    index: int,
    prior: CUNet,
    noise_levels: NoiseLevels,
    enhancement_shown: bool,
    slices: int | None,
) -> list[Case]:
    """-> each contrast of a patient that can be scored, of all others, with the prior computed"""
    record = patients.records[index]
    acquired = volumes_of(patients, index)
    brain, labels = labelling(patients, index)
    some = window(labels * brain, slices)
    present = [c for c in range(len(CONTRASTS)) if record.present[c]]
    white = white_matter({c: acquired[c] for c in present}, brain, (labels > 0) & brain, record.slice_spacing)
    cases = []
    for target in present:
        sources = tuple(c for c in present if c != target)
        if not sources or not record.target[target]:
            continue
        images, inside = volume(patients, index, sources)
        cases.append(
            Case(
                id=record.id,
                group=record.group,
                target=target,
                sources=sources,
                name=NAMES[channel(target, enhancement_shown)],
                slabs=slabs_of(prior, noise_levels, images, inside, sources, target, enhancement_shown, some),
                acquired=acquired[:, some],
                brain=brain[some],
                labels=labels[some],
                white=white[some],
                segmented=record.segmented,
            )
        )
    return cases


def score(case: Case, made: np.ndarray, spread: np.ndarray, result: str) -> Row:
    """An image and its expected error or the standard deviation of its paths [D, H, W] -> its figures.

    sharpness: high-frequency energy over that of the acquired image; scale_ratio: the spread over the error;
    spread_skill: the same of their root mean squares; rank: rank correlation of spread and error.
    """
    truth, brain = case.acquired[case.target], case.brain
    error = np.abs(made - truth)[brain]
    told = spread[brain]
    row: Row = {
        "patient": case.id,
        "group": case.group,
        "target": case.name,
        "sources": "+".join(CONTRASTS[c] for c in case.sources),
        "result": result,
        **metrics.compare(made, truth, brain),
    }
    if told.any():
        row |= {
            "scale_ratio": float(told.mean() / max(error.mean(), 1e-6)),
            "spread_skill": float(np.sqrt(np.square(told).mean() / max(np.square(error).mean(), 1e-12))),
            "rank": float(spearmanr(told[::RANKED], error[::RANKED]).statistic),
        }
    lesion = (case.labels > 0) & brain
    if case.segmented and lesion.any() and case.white.any():
        figures = lesions.measure(made, truth, brain, case.labels, case.white)
        row |= {f"lesion_{key}": figures[key] for key in ("bias", "contrast_ratio")}
    if case.segmented and case.target == T1CE and T1 in case.sources and case.white.any():
        row |= enhancement.enhancement_errors(made, truth, case.acquired[T1], case.labels, brain, case.white)
    return row
