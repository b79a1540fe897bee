"""What becomes of lesions: how well they are painted, and whether they come from the sources."""

from __future__ import annotations

from typing import Any

import numpy as np
from scipy import ndimage as ndi

from ....common.metrics import fitted, line_onto, scaled
from .data import Patient
from .engine import Stack
from .tissue import ENHANCED, NEAR, T1, T1CE, enhancing, mirror, relative_enhancement, white_matter

ENHANCING, MS = 3, 4  # labels
DEEP = 3  # voxels over which an exchanged lesion fades into its surroundings


def contrast_to_noise(volume: np.ndarray, lesion: np.ndarray, white: np.ndarray) -> float:
    return float((volume[lesion].mean() - volume[white].mean()) / max(volume[white].std(), 1e-6))


def kind(patient: Patient) -> str:
    return "ms" if np.any(np.asarray(patient.lesion) == MS) else "tumour"


def measure_lesion(prediction: np.ndarray, patient: Patient, target: int) -> dict[str, Any]:
    """psnr (dB) and mean bias (scaled truth) inside the lesion; contrast-to-noise of the lesion against white matter, real and synthetic,
    unclipped; for T1ce also the enhancement missed and invented, in mL and in pieces."""
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
    """Real enhancement: what exceeds white matter's own scatter in the acquired pair, or was segmented as enhancing. The synthetic image is
    held to the same threshold."""
    brain = np.asarray(patient.brain)
    real = relative_enhancement(volumes[T1CE], volumes[T1], white)
    made = relative_enhancement(prediction, volumes[T1], white)
    threshold = float(real[white].mean() + ENHANCED * real[white].std())
    truly, seemingly = (
        enhancing(real, threshold, brain) | (labels == ENHANCING),
        enhancing(made, threshold, brain),
    )
    segmented = labels == ENHANCING
    false = seemingly & ~ndi.binary_dilation(truly, iterations=NEAR)
    missed = segmented & ~seemingly
    return {
        "enhancing_ml": round(float(segmented.sum()) / 1000, 2),
        "missed_ml": round(float(missed.sum()) / 1000, 2),
        "pieces": pieces(segmented)[0],
        "pieces_missed": sum(not seemingly[piece].any() for piece in pieces(segmented)[1]),
        "false_ml": round(float(false.sum()) / 1000, 2),
        "false_pieces": pieces(false)[0],
    }


def pieces(mask: np.ndarray) -> tuple[int, list[np.ndarray]]:
    """-> how many connected pieces of at least 50 mm3, and each of them"""
    labels, count = ndi.label(mask)
    sizes = np.bincount(labels.ravel())
    large = [i for i in range(1, count + 1) if sizes[i] >= 50]
    return len(large), [labels == i for i in large]


def soft(mask: np.ndarray) -> np.ndarray:
    """-> weights in [0, 1] that fade over DEEP voxels outside the mask"""
    return np.clip(1 - ndi.distance_transform_edt(~mask) / DEEP, 0, 1).astype(np.float32)


def without_lesion(patient: Patient) -> Stack:
    """The lesion replaced by the other side's tissue, in every contrast."""
    volumes, brain, lesion = patient.volumes(), np.asarray(patient.brain), np.asarray(patient.lesion) > 0
    weight = soft(lesion)
    filled = volumes * (1 - weight) + mirror(volumes, brain) * weight
    return Stack(f"{patient.id}-filled", (filled * brain).astype(np.float32), brain)


def with_second_lesion(patient: Patient) -> tuple[Stack, np.ndarray]:
    """The lesion painted in on the other side as well, in every contrast -> the stack, and where the second lesion lies"""
    volumes, brain, lesion = patient.volumes(), np.asarray(patient.brain), np.asarray(patient.lesion) > 0
    there = mirror(lesion, brain) & brain & ~lesion
    weight = soft(there) * ~lesion
    painted = volumes * (1 - weight) + mirror(volumes, brain) * weight
    return Stack(f"{patient.id}-painted", (painted * brain).astype(np.float32), brain), there


def origin(
    original: np.ndarray, filled: np.ndarray, painted: np.ndarray, patient: Patient, there: np.ndarray
) -> dict[str, float]:
    """Does the lesion of the result come from the sources? Its mean contrast against the other side, in normalized intensity, as it was,
    after it was filled in the sources, and where it was painted in."""
    brain = np.asarray(patient.brain)
    lesion = (np.asarray(patient.lesion) > 0) & mirror(brain, brain)
    other = mirror(lesion, brain) & brain

    def contrast(volume: np.ndarray, here: np.ndarray, against: np.ndarray) -> float:
        return round(float(volume[here].mean() - volume[against].mean()), 4)

    return {
        "lesion": contrast(original, lesion, other),
        "filled": contrast(filled, lesion, other),
        "painted": round(float(painted[there].mean() - original[there].mean()), 4),
    }
