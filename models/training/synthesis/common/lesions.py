"""Lesions in a synthesized contrast, and detection of lesions."""

from __future__ import annotations

from typing import Any

import numpy as np
from scipy import ndimage as ndi

from .. import LABELS, MS
from .metrics import fitted, line_onto, psnr, scaled

SMALLEST = 50
"""mm3: smaller connected components are not counted as lesions."""

OVERLAP = 0.1
"""A component counts as found if more than this share of it is overlapped."""

VISIBLE = 1.0
"""Contrast-to-noise ratio below which the acquired lesion is too faint for a ratio."""


def kind(labels: np.ndarray) -> str:
    """lesion labels -> "ms" or "tumour" """
    return "ms" if np.any(labels == MS) else "tumour"


def size(millilitres: float) -> str:
    """-> the volume class of all lesions of a patient, from their volume in mL"""
    return "below 1 mL" if millilitres < 1 else "1 to 10 mL" if millilitres <= 10 else "above 10 mL"


def contrast_to_noise(volume: np.ndarray, lesion: np.ndarray, white: np.ndarray) -> float:
    """-> lesion minus healthy white matter, in standard deviations of that white matter"""
    return float((volume[lesion].mean() - volume[white].mean()) / max(float(volume[white].std()), 1e-6))


def measure(
    prediction: np.ndarray, truth: np.ndarray, brain: np.ndarray, labels: np.ndarray, white: np.ndarray
) -> dict[str, Any]:
    """Prediction, truth, brain, lesion labels and healthy white matter, all [Z, Y, X] on one 1 mm grid ->
    figures of the lesion.

    psnr (dB) and bias: inside the lesion, in the scaled truth after the line of `metrics`; bias_sd: the bias
    without clipping, in standard deviations of the truth's white matter; cnr_real, cnr_synthetic:
    contrast-to-noise ratio against each image's own white matter, cnr_ratio: the second over the first;
    contrast_ratio: the ratio of the contrasts alone, after the line, which a smooth white matter does not
    increase. Both ratios are None where |cnr_real| < 1. Raises ValueError if there is no lesion or no white
    matter.
    """
    lesion = (labels > 0) & brain
    if not lesion.any() or not white.any():
        raise ValueError(
            "No lesion or no white matter to measure; leave this patient out of the lesion figures."
        )
    reference = scaled(truth, brain)
    synthetic, _ = fitted(prediction, reference, brain)
    unclipped = line_onto(prediction, truth, brain)(prediction)
    spread = max(float(truth[white].std()), 1e-6)
    real, generated = contrast_to_noise(truth, lesion, white), contrast_to_noise(unclipped, lesion, white)
    contrast = float(unclipped[lesion].mean() - unclipped[white].mean()) / spread
    millilitres = float(lesion.sum()) / 1000
    return {
        "kind": kind(labels),
        "size": size(millilitres),
        "millilitres": millilitres,
        "psnr": psnr(synthetic, reference, lesion),
        "bias": float((synthetic - reference)[lesion].mean()),
        "bias_sd": float((unclipped - truth)[lesion].mean()) / spread,
        "cnr_real": real,
        "cnr_synthetic": generated,
        "cnr_ratio": generated / real if abs(real) >= VISIBLE else None,
        "contrast_ratio": contrast / real if abs(real) >= VISIBLE else None,
    }


def components(mask: np.ndarray) -> tuple[np.ndarray, list[int]]:
    """mask [Z, Y, X], 1 mm -> connected components, numbered (26 neighbours), and the numbers of those of at
    least SMALLEST mm3"""
    numbered, _ = ndi.label(mask, np.ones((3, 3, 3)))
    sizes = np.bincount(numbered.ravel())
    return numbered, [i for i in range(1, len(sizes)) if sizes[i] >= SMALLEST]


def overlapped(of: np.ndarray, by: np.ndarray) -> tuple[int, int]:
    """Two masks [Z, Y, X] -> the number of components of `of`, and of those that `by` overlaps by more than
    OVERLAP"""
    numbered, large = components(of)
    inside, total = np.bincount(numbered[by], minlength=numbered.max() + 1), np.bincount(numbered.ravel())
    return len(large), sum(int(inside[i] > OVERLAP * total[i]) for i in large)


def dice(found: np.ndarray, truth: np.ndarray) -> float:
    """-> Dice overlap of two masks; NaN if the truth is empty"""
    return float(2 * (found & truth).sum() / (found.sum() + truth.sum())) if truth.any() else float("nan")


def detection(found: np.ndarray, truth: np.ndarray) -> dict[str, float | int]:
    """Two lesion masks [Z, Y, X], 1 mm -> dice, volume_ratio, and numbers of components: lesions, found,
    false (NaN or 0 without truth)"""
    lesions, hit = overlapped(truth, found)
    detected, true = overlapped(found, truth)
    volume = float(found.sum() / truth.sum()) if truth.any() else float("nan")
    return {
        "dice": dice(found, truth),
        "volume_ratio": volume,
        "lesions": lesions,
        "found": hit,
        "false": detected - true,
    }


def most_likely(probabilities: np.ndarray) -> np.ndarray:
    """class probabilities [5, ...] -> uint8 labels [...]: a voxel is a lesion if the lesion classes together
    have at least half of the probability, and then the most likely of them"""
    if len(probabilities) != len(LABELS):
        raise ValueError(f"{len(probabilities)} class probabilities instead of {len(LABELS)}.")
    return np.where(probabilities[0] < 0.5, 1 + probabilities[1:].argmax(0), 0).astype(np.uint8)
