"""Lesions in a synthetic contrast: how well they are synthesized, and whether they come from the sources."""

from __future__ import annotations

from typing import Any

import numpy as np
from scipy import ndimage as ndi

from ....common.metrics import fitted, line_onto, scaled
from .data import Patient
from .engine import Stack
from .tissue import ENHANCED, NEAR, T1, T1CE, enhancing, mirror, relative_enhancement, white_matter

ENHANCING, MS = 3, 4  # labels
DEEP = 3  # voxels over which a replaced lesion fades into its surroundings


def contrast_to_noise(volume: np.ndarray, lesion: np.ndarray, white: np.ndarray) -> float:
    """-> lesion minus white matter, in standard deviations of white matter"""
    return float((volume[lesion].mean() - volume[white].mean()) / max(volume[white].std(), 1e-6))


def kind(patient: Patient) -> str:
    """-> "ms" or "tumour\""""
    return "ms" if np.any(np.asarray(patient.lesion) == MS) else "tumour"


def measure_lesion(prediction: np.ndarray, patient: Patient, target: int) -> dict[str, Any]:
    """Prediction [Z, H, W] -> psnr (dB) and mean bias (scaled truth) inside the lesion; contrast-to-noise
    ratio of the lesion against white matter, real and synthetic, unclipped; for T1ce also missed and false
    enhancement, in mL and in connected components."""
    volumes, brain, labels = patient.volumes(), np.asarray(patient.brain), np.asarray(patient.lesion)
    lesion = labels > 0
    truth = scaled(volumes[target], brain)
    line, _ = fitted(prediction, truth, brain)
    white = white_matter(volumes, brain, lesion)
    slope, offset, _ = line_onto(prediction, volumes[target], brain)
    unclipped = offset + slope * prediction
    real, synthetic = (contrast_to_noise(v, lesion, white) for v in (volumes[target], unclipped))
    found: dict[str, Any] = {
        "lesion_ml": round(float(lesion.sum()) / 1000, 2),
        "kind": kind(patient),
        "psnr": round(float(10 * np.log10(1 / np.mean(np.square(line - truth)[lesion]))), 2),
        "bias": round(float((line - truth)[lesion].mean()), 4),
        "cnr_real": round(real, 2),
        "cnr_synthetic": round(synthetic, 2),
        "cnr_ratio": round(synthetic / real, 2) if abs(real) >= 1 else None,
    }
    return (
        found | measure_enhancement(prediction, patient, volumes, white, labels) if target == T1CE else found
    )


def measure_enhancement(
    prediction: np.ndarray, patient: Patient, volumes: np.ndarray, white: np.ndarray, labels: np.ndarray
) -> dict[str, Any]:
    """Missed and false enhancement in a prediction [Z, H, W]. Real enhancement exceeds the scatter of white
    matter in the acquired pair, or was segmented. The threshold is the same for the synthetic image."""
    brain = np.asarray(patient.brain)
    real = relative_enhancement(volumes[T1CE], volumes[T1], white)
    synthetic = relative_enhancement(prediction, volumes[T1], white)
    threshold = float(real[white].mean() + ENHANCED * real[white].std())
    truly, seemingly = (
        enhancing(real, threshold, brain) | (labels == ENHANCING),
        enhancing(synthetic, threshold, brain),
    )
    segmented = labels == ENHANCING
    false = seemingly & ~ndi.binary_dilation(truly, iterations=NEAR)
    missed = segmented & ~seemingly
    return {
        "enhancing_ml": round(float(segmented.sum()) / 1000, 2),
        "missed_ml": round(float(missed.sum()) / 1000, 2),
        "pieces": components(segmented)[0],
        "pieces_missed": sum(not seemingly[component].any() for component in components(segmented)[1]),
        "false_ml": round(float(false.sum()) / 1000, 2),
        "false_pieces": components(false)[0],
    }


def components(mask: np.ndarray) -> tuple[int, list[np.ndarray]]:
    """-> the number of connected components of at least 50 mm3, and each of them as a mask"""
    labels, count = ndi.label(mask)
    sizes = np.bincount(labels.ravel())
    large = [i for i in range(1, count + 1) if sizes[i] >= 50]
    return len(large), [labels == i for i in large]


def soft(mask: np.ndarray) -> np.ndarray:
    """-> float32 weights in [0, 1] that fade over DEEP voxels outside the mask"""
    return np.clip(1 - ndi.distance_transform_edt(~mask) / DEEP, 0, 1).astype(np.float32)


def without_lesion(patient: Patient) -> Stack:
    """-> the patient with the lesion replaced by tissue of the other side, in every contrast"""
    volumes, brain, lesion = patient.volumes(), np.asarray(patient.brain), np.asarray(patient.lesion) > 0
    weight = soft(lesion)
    filled = volumes * (1 - weight) + mirror(volumes, brain) * weight
    return Stack(f"{patient.id}-filled", (filled * brain).astype(np.float32), brain)


def with_second_lesion(patient: Patient) -> tuple[Stack, np.ndarray]:
    """-> the patient with the lesion inserted on the other side as well, in every contrast, and the mask of
    the second lesion"""
    volumes, brain, lesion = patient.volumes(), np.asarray(patient.brain), np.asarray(patient.lesion) > 0
    there = mirror(lesion, brain) & brain & ~lesion
    weight = soft(there) * ~lesion
    inserted = volumes * (1 - weight) + mirror(volumes, brain) * weight
    return Stack(f"{patient.id}-painted", (inserted * brain).astype(np.float32), brain), there


def origin(
    original: np.ndarray, filled: np.ndarray, inserted: np.ndarray, patient: Patient, there: np.ndarray
) -> dict[str, float]:
    """Whether the lesion of the result comes from the sources. Three results [Z, H, W] and the mask of the
    second lesion -> the lesion's mean contrast with the other side, in normalized intensity: as it was, with
    the lesion filled in the sources, and where the second one was inserted."""
    brain = np.asarray(patient.brain)
    lesion = (np.asarray(patient.lesion) > 0) & mirror(brain, brain)
    other = mirror(lesion, brain) & brain

    def contrast(volume: np.ndarray, here: np.ndarray, against: np.ndarray) -> float:
        return round(float(volume[here].mean() - volume[against].mean()), 4)

    return {
        "lesion": contrast(original, lesion, other),
        "filled": contrast(filled, lesion, other),
        "painted": round(float(inserted[there].mean() - original[there].mean()), 4),
    }
