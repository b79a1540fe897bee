"""Similarity of a synthesized and the acquired volume, inside the brain.

The truth is clipped to its own 0.5 and 99.5 percentiles and scaled to [0, 1]. A synthesized MR image has no
unit, so the prediction is first fitted to the truth by a least-squares line. `psnr_brasyn` scales it by
its own percentiles instead, as the BraSyn challenge does (Li et al., arXiv 2305.09011).
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from scipy import ndimage as ndi
from skimage.metrics import structural_similarity

WINDOW = 7
"""Voxels along each side of the SSIM window."""

MARGIN = 4
"""Voxels by which the brain is eroded in plane for `ssim_inner` and `sharpness`: at its edge against zero
SSIM is too high."""

BLUR = 0.75
"""Standard deviation, in voxels, of the Gaussian that passes half of the amplitude at half the Nyquist
frequency: exp(-2 (pi sigma f)^2) = 1/2 at f = 1/4 cycle a voxel."""


class Line(NamedTuple):
    """offset + slope * x, and the Pearson correlation of the fitted values"""

    slope: float
    offset: float
    r: float

    def __call__(self, x: np.ndarray) -> np.ndarray:
        return self.offset + self.slope * x


def scaled(volume: np.ndarray, brain: np.ndarray) -> np.ndarray:
    """Volume and brain [Z, Y, X] -> float32 in [0, 1], the 0.5 and 99.5 percentiles inside the brain at 0 and
    1; 0 outside"""
    low, high = np.percentile(volume[brain], (0.5, 99.5))
    return np.where(brain, np.clip((volume - low) / max(high - low, 1e-6), 0, 1), 0).astype(np.float32)


def line_onto(prediction: np.ndarray, truth: np.ndarray, brain: np.ndarray) -> Line:
    """-> the least-squares line of the prediction onto the truth inside the brain. Its slope is never
    negative: a prediction with inverted contrast counts as a constant."""
    x, y = prediction[brain].astype(np.float64), truth[brain].astype(np.float64)
    dx, dy = x - x.mean(), y - y.mean()
    power = float(dx @ dx)
    r = 0.0 if np.ptp(x) == 0 or np.ptp(y) == 0 else float(dx @ dy / np.sqrt(power * (dy @ dy)))
    slope = float(dx @ dy) / power if r > 0 else 0.0
    return Line(slope, float(y.mean() - slope * x.mean()), r)


def fitted(prediction: np.ndarray, reference: np.ndarray, brain: np.ndarray) -> tuple[np.ndarray, Line]:
    """-> the prediction fitted to the scaled truth, float32 in [0, 1], 0 outside the brain; and the line"""
    line = line_onto(prediction, reference, brain)
    return np.where(brain, np.clip(line(prediction), 0, 1), 0).astype(np.float32), line


def psnr(a: np.ndarray, b: np.ndarray, where: np.ndarray) -> float:
    """-> peak signal-to-noise ratio in dB for a peak of 1, over the mask `where`; 120 dB for equal volumes"""
    return 10 * float(
        np.log10(1 / max(float(np.mean(np.square(a[where].astype(np.float64) - b[where]))), 1e-12))
    )


def ssim_map(a: np.ndarray, b: np.ndarray, brain: np.ndarray) -> np.ndarray:
    """Two volumes and the brain [Z, Y, X] -> float32, 3-D SSIM at every voxel of the brain's bounding box, 0
    elsewhere: uniform window, sample covariance, data range 1 (Wang 2004)"""
    box = ndi.find_objects(brain.astype(np.uint8))[0]
    shortest = min(a[box].shape)
    similarity = np.zeros(brain.shape, np.float32)
    similarity[box] = structural_similarity(
        a[box], b[box], win_size=min(WINDOW, shortest - (shortest + 1) % 2), data_range=1, full=True
    )[1]
    return similarity


def inner(brain: np.ndarray) -> np.ndarray:
    """-> the brain [Z, Y, X] eroded by MARGIN voxels in plane"""
    side = 2 * MARGIN + 1
    eroded = ndi.binary_erosion(ndi.binary_erosion(brain, np.ones((1, 1, side))), np.ones((1, side, 1)))
    return np.asarray(eroded)


def high_frequency_energy(volume: np.ndarray, where: np.ndarray) -> float:
    """-> mean square of the volume [Z, Y, X] minus its Gaussian blur, which is its content above half of the
    Nyquist frequency in plane"""
    detail = volume - ndi.gaussian_filter(volume, (0, BLUR, BLUR))
    return float(np.mean(np.square(detail[where], dtype=np.float64)))


def quick(prediction: np.ndarray, truth: np.ndarray, brain: np.ndarray) -> dict[str, float]:
    """-> psnr and ssim of `compare` alone, in half of its time"""
    reference = scaled(truth, brain)
    synthetic, _ = fitted(prediction, reference, brain)
    return {
        "psnr": psnr(synthetic, reference, brain),
        "ssim": float(ssim_map(synthetic, reference, brain)[brain].mean()),
    }


def compare(prediction: np.ndarray, truth: np.ndarray, brain: np.ndarray) -> dict[str, float]:
    """Two volumes [Z, Y, X] of any unit on one grid, and the brain mask -> every metric.

    psnr (dB), ssim, ssim_inner and mae after the line, r the Pearson correlation, psnr_brasyn (dB) without
    the line; sharpness: high-frequency energy of the prediction, after the line, over that of the truth. NaN
    if nothing remains of the eroded brain. Raises ValueError if the prediction holds NaN or infinity in the
    brain.
    """
    if not np.isfinite(prediction[brain]).all():
        raise ValueError(
            "The prediction holds NaN or infinity inside the brain; check the network that made it."
        )
    reference = scaled(truth, brain)
    synthetic, line = fitted(prediction, reference, brain)
    similarity, core = ssim_map(synthetic, reference, brain), inner(brain)
    own = scaled(prediction, brain) if np.ptp(prediction[brain]) > 0 else np.zeros_like(reference)
    energy = high_frequency_energy(reference, core) if core.any() else 0.0
    return {
        "psnr": psnr(synthetic, reference, brain),
        "ssim": float(similarity[brain].mean()),
        "ssim_inner": float(similarity[core].mean()) if core.any() else float("nan"),
        "r": line.r,
        "mae": float(np.abs(synthetic - reference)[brain].mean()),
        "psnr_brasyn": psnr(own, reference, brain),
        "sharpness": high_frequency_energy(synthetic, core) / energy if energy > 0 else float("nan"),
    }
