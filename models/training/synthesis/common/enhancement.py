"""Contrast enhancement: whether a score map ranks enhancing voxels above others, and false and missed
enhancement in a synthetic T1ce."""

from __future__ import annotations

import numpy as np
from scipy import ndimage as ndi
from scipy.stats import rankdata

from .. import ENHANCING, MS

RIM = 4
"""mm under the brain's surface, where vessels and meninges always enhance."""

SMALLEST = 50
"""mm3: smaller enhancement is noise."""

THRESHOLD = 3.0
"""A voxel enhances if its T1ce - T1 exceeds that of healthy white matter by so many standard deviations."""

NEAR = 2
"""mm around real enhancement in which synthetic enhancement is not called false."""

BINS = 10


def auc(score: np.ndarray, positive: np.ndarray) -> float:
    """-> area under the ROC curve of scores [N] for bool [N], ties counted half; NaN if one of the classes
    is empty"""
    hits, n = int(positive.sum()), positive.size
    if hits in (0, n):
        return float("nan")
    return float((rankdata(score)[positive].sum() - hits * (hits + 1) / 2) / (hits * (n - hits)))


def average_precision(score: np.ndarray, positive: np.ndarray) -> float:
    """-> sum over thresholds of precision times gain in recall, of scores [N] for bool [N], without
    interpolation; NaN without positives"""
    hits = int(positive.sum())
    if hits == 0:
        return float("nan")
    order = np.argsort(-score, kind="stable")
    ranked = score[order]
    # index of the last of each run of equal scores
    last = np.append(np.flatnonzero(ranked[1:] != ranked[:-1]), ranked.size - 1)
    true = np.cumsum(positive[order])[last]
    return float(np.sum(np.diff(true, prepend=0) / hits * true / (last + 1)))


def calibration_error(probability: np.ndarray, positive: np.ndarray) -> float:
    """Probability [N] and bool [N] -> expected calibration error (Guo 2017): mean |observed share -
    probability| over BINS equal bins of probability"""
    if probability.size == 0:
        return float("nan")
    step = np.minimum((probability * BINS).astype(np.int64), BINS - 1)
    gap = np.bincount(step, positive, minlength=BINS) - np.bincount(step, probability, minlength=BINS)
    return float(np.abs(gap).sum() / probability.size)


def ranking(score: np.ndarray, labels: np.ndarray, brain: np.ndarray) -> dict[str, float]:
    """A score map, lesion labels and the brain, all [Z, Y, X] -> average precision for enhancing voxels in
    the brain, the share of enhancing voxels (the average precision of chance), and the AUC of enhancing
    against other tumour voxels"""
    positive = labels == ENHANCING
    tumour = (labels > 0) & (labels != MS) & brain
    return {
        "average_precision": average_precision(score[brain], positive[brain]),
        "prevalence": float(positive[brain].mean()),
        "auc_in_tumour": auc(score[tumour], positive[tumour]),
    }


def relative_enhancement(t1ce: np.ndarray, t1: np.ndarray, white: np.ndarray) -> np.ndarray:
    """Anchored T1ce and T1, healthy white matter, all [Z, Y, X] -> float32, how much brighter T1ce is than
    T1, each relative to its own white matter, in anchored intensity, mean of 3 x 3 x 3 voxels"""
    return np.asarray(
        ndi.uniform_filter((t1ce - np.median(t1ce[white])) - (t1 - np.median(t1[white])), 3), np.float32
    )


def enhancing(difference: np.ndarray, threshold: float, brain: np.ndarray) -> np.ndarray:
    """`relative_enhancement`, brain [Z, Y, X] -> bool, above the threshold, in connected components of at
    least SMALLEST mm3, away from the brain's surface"""
    numbered, _ = ndi.label((difference > threshold) & ndi.binary_erosion(brain, iterations=RIM))
    sizes = np.bincount(numbered.ravel())
    sizes[0] = 0
    return np.asarray((sizes >= SMALLEST)[numbered])


def enhancement_errors(
    synthetic: np.ndarray,
    t1ce: np.ndarray,
    t1: np.ndarray,
    labels: np.ndarray,
    brain: np.ndarray,
    white: np.ndarray,
) -> dict[str, float]:
    """Anchored synthetic and acquired T1ce and acquired T1, lesion labels, brain and healthy white matter,
    all [Z, Y, X], 1 mm -> volumes in mL.

    enhancing_ml: segmented as enhancing; missed_ml: the part of it without synthetic enhancement;
    false_ml: synthetic enhancement more than NEAR mm from any real one. Real: above THRESHOLD in the
    acquired pair, or segmented. The threshold is the same for the synthetic image.
    """
    real, generated = (relative_enhancement(volume, t1, white) for volume in (t1ce, synthetic))
    threshold = float(real[white].mean() + THRESHOLD * real[white].std())
    segmented = labels == ENHANCING
    truly, seemingly = enhancing(real, threshold, brain) | segmented, enhancing(generated, threshold, brain)
    false = seemingly & ~ndi.binary_dilation(truly, iterations=NEAR)
    return {
        "enhancing_ml": float(segmented.sum()) / 1000,
        "missed_ml": float((segmented & ~seemingly).sum()) / 1000,
        "false_ml": float(false.sum()) / 1000,
    }
