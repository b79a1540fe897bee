"""All scores of one patient: each target from each set of sources, compared with the acquired contrasts."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from typing import Literal

import numpy as np
import torch

from .. import CONTRASTS, ENHANCING, MS, T1, T1CE
from ..data.codes import NO_SIGNAL, decode
from ..data.patients import BRAIN, Patients, Record
from ..data.shading import with_shading
from ..data.target_shading import target_shading
from ..data.white_matter import white_matter
from . import enhancement, lesions, metrics
from .prediction import Prediction, Predictor
from .tables import NAMES, Row

Subsets = Literal["all others", "every"]

FAST_LESION = ("kind", "size", "bias", "bias_sd", "cnr_ratio", "contrast_ratio")


def volumes_of(patients: Patients, index: int) -> np.ndarray:
    """-> float32 intensity [4, D, Y, X] of one patient's own slices"""
    return decode(patients.images[index, :, patients.records[index].slices].cpu().numpy())


def labelling(patients: Patients, index: int) -> tuple[np.ndarray, np.ndarray]:
    """-> brain, bool, and lesion labels, uint8, both [D, Y, X], of one patient's own slices"""
    codes = patients.labels[index, patients.records[index].slices].cpu().numpy()
    return (codes & BRAIN) > 0, codes & (BRAIN - 1)


def averaged(predictions: Sequence[Prediction]) -> Prediction:
    """-> the mean of the predictions"""
    return Prediction(
        *(
            torch.stack([getattr(p, name) for p in predictions]).mean(0)
            for name in ("mean", "scale", "lesion")
        )
    )


def tasks(record: Record, subsets: Subsets) -> list[tuple[tuple[int, ...], list[int]]]:
    """-> (sources, targets to score) of a patient: each target from all other contrasts, or from every set
    of them"""
    present = [c for c in range(4) if record.present[c]]
    fewest = 1 if subsets == "every" else len(present) - 1
    chosen = [
        sources for n in range(max(fewest, 1), len(present)) for sources in itertools.combinations(present, n)
    ]
    return [
        (sources, targets)
        for sources in chosen
        if (targets := [c for c in present if c not in sources and record.target[c]])
    ]


def score_patient(
    predictors: Sequence[Predictor],
    patients: Patients,
    index: int,
    acquired: np.ndarray,
    prepared: np.ndarray,
    subsets: Subsets,
    fast: bool,
    deshaded: bool,
) -> list[Row]:
    """Acquired and prepared truth float32 [4, D, Y, X] -> a row for every task of one patient. Raises
    ValueError if they do not have the patient's slices."""
    record = patients.records[index]
    if not acquired.shape[1] == prepared.shape[1] == record.depth:
        raise ValueError(
            f"{record.id} has other slices in its stored than in its prepared variant; prepare it anew."
        )
    brain, labels = labelling(patients, index)
    lesion = (labels > 0) & brain
    white = white_matter(
        {c: prepared[c] for c in range(4) if record.present[c]}, brain, lesion, record.slice_spacing
    )
    rows: list[Row] = []
    for sources, targets in tasks(record, subsets):
        prediction = averaged([predict(patients, index, sources) for predict in predictors])
        mean, scale, classes = (
            t.float().cpu().numpy() for t in (prediction.mean, prediction.scale, prediction.lesion)
        )
        scored = [(c, c) for c in targets] + [(len(CONTRASTS), T1CE)] * (
            T1CE in targets and len(mean) > len(CONTRASTS) and not fast
        )
        for channel, target in scored:
            scores = (metrics.quick if fast else metrics.compare)(mean[channel], acquired[target], brain)
            reference = metrics.scaled(prepared[target], brain)
            scores["psnr_prepared"] = metrics.psnr(
                metrics.fitted(mean[channel], reference, brain)[0], reference, brain
            )
            row: Row = {
                "patient": record.id,
                "group": record.group,
                "target": NAMES[channel],
                "sources": "+".join(CONTRASTS[c] for c in sources),
                **scores,
            }
            if not fast:
                row |= {
                    f"{key}_prepared": value
                    for key, value in metrics.compare(mean[channel], prepared[target], brain).items()
                }
                error = np.abs(mean[channel] - prepared[target])[brain].mean()
                row["scale_ratio"] = float(scale[channel][brain].mean() / max(error, 1e-6))
            if record.segmented and lesion.any() and white.any():
                figures = lesions.measure(mean[channel], acquired[target], brain, labels, white)
                row |= {
                    f"lesion_{key}": value for key, value in figures.items() if not fast or key in FAST_LESION
                }
            if record.segmented and not fast:
                row |= find_lesions(classes, labels, brain)
                if target == T1CE and T1 in sources and white.any():
                    row |= find_enhancement(mean[channel], classes, prepared, sources, labels, brain, white)
            if deshaded and record.shading:
                shading = target_shading(record.shading, target, sources)
                shown = mean[channel]
                if shading:
                    factor = shading.factor(brain.shape, record.slice_spacing)
                    shown = with_shading(shown, factor, -NO_SIGNAL[target])
                row |= {f"{k}_restored": v for k, v in metrics.quick(shown, acquired[target], brain).items()}
            rows.append(row)
    return rows


def find_lesions(classes: np.ndarray, labels: np.ndarray, brain: np.ndarray) -> Row:
    """Class probabilities [5, D, Y, X] of the lesion head, labels and brain [D, Y, X] -> its detection
    figures"""
    found = lesions.detection((lesions.most_likely(classes) > 0) & brain, (labels > 0) & brain)
    sensitivity = found["found"] / found["lesions"] if found["lesions"] else None
    return {
        "found_sensitivity": sensitivity,
        **{f"found_{key}": found[key] for key in ("dice", "volume_ratio", "lesions", "false")},
    }


def find_enhancement(
    t1ce: np.ndarray,
    classes: np.ndarray,
    prepared: np.ndarray,
    sources: Sequence[int],
    labels: np.ndarray,
    brain: np.ndarray,
    white: np.ndarray,
) -> Row:
    """Synthetic t1ce [D, Y, X], class probabilities [5, D, Y, X], prepared truth [4, D, Y, X], labels, brain
    and white matter [D, Y, X] -> false and missed enhancement of the synthetic T1ce; in patients with a
    tumour also how well the lesion head, the synthetic T1ce and each source alone predict enhancement"""
    row: Row = dict(enhancement.enhancement_errors(t1ce, prepared[T1CE], prepared[T1], labels, brain, white))
    tumour = (labels > 0) & (labels != MS) & brain
    if not tumour.any():
        return row
    probability, positive = classes[ENHANCING], labels == ENHANCING
    row |= {
        "calibration_error": enhancement.calibration_error(probability[brain], positive[brain]),
        "calibration_error_in_tumour": enhancement.calibration_error(probability[tumour], positive[tumour]),
    }
    scores = {
        "head": probability,
        "synthetic": enhancement.relative_enhancement(t1ce, prepared[T1], white),
        **{CONTRASTS[c]: prepared[c] for c in sources},
    }
    for name, score in scores.items():
        ranks = enhancement.ranking(score, labels, brain)
        row["prevalence"] = ranks.pop("prevalence")
        row |= {f"{key}_{name}": value for key, value in ranks.items()}
    return row
