"""How close a synthesized volume comes to the acquired one, inside the brain.

The truth is clipped to its own 0.5 and 99.5 percentiles and scaled to [0, 1]. A synthesized MR image has no unit, so the prediction
first goes through its least-squares line onto the truth (`psnr`, `ssim`, `ssim_inner`, `mae`); `psnr_brasyn` and `ssim_brasyn` scale it
by its own percentiles instead, as the BraSyn challenge does.
"""
from __future__ import annotations

from typing import NamedTuple

import numpy as np
from scipy.ndimage import binary_erosion
from skimage.metrics import structural_similarity

WINDOW = 7  # voxels, of SSIM
ENOUGH = 0.02  # share of a slice that must be brain for `slicewise_ssim`
MARGIN = 4  # voxels, eroded in plane for `ssim_inner`

DEFINITION = (
    "Inside the brain mask, mean over the validation patients. Truth clipped to its 0.5 and 99.5 percentiles and scaled to [0, 1]. psnr "
    "(dB), ssim (3-D, window 7, data range 1), ssim_inner (mask eroded by 4 voxels in plane) and mae after the least-squares line of the "
    "prediction onto the truth; r: Pearson; psnr_brasyn and ssim_brasyn with the prediction scaled by its own percentiles instead; ssim_axial and "
    "ssim_coronal 2-D, slice by slice. Measured on the ONNX files in the engine of the viewer, on onnxruntime-node.")


def scaled(volume: np.ndarray, mask: np.ndarray) -> np.ndarray:
    low, high = np.percentile(volume[mask], (0.5, 99.5))
    return np.where(mask, np.clip((volume - low) / max(high - low, 1e-6), 0, 1), 0).astype(np.float32)


class Line(NamedTuple):
    """offset + slope * x, and Pearson's r of what it was fitted to"""

    slope: float
    offset: float
    r: float


def line_onto(prediction: np.ndarray, truth: np.ndarray, mask: np.ndarray) -> Line:
    """-> the least-squares line, never falling, of the prediction onto the truth inside the mask"""
    x, y = prediction[mask].astype(np.float64), truth[mask].astype(np.float64)
    dx, dy = x - x.mean(), y - y.mean()
    power = float(dx @ dx)
    r = 0.0 if np.ptp(x) == 0 or np.ptp(y) == 0 else float(dx @ dy / np.sqrt(power * (dy @ dy)))
    slope = float(dx @ dy) / power if r > 0 else 0.0
    return Line(slope, float(y.mean() - slope * x.mean()), r)


def fitted(prediction: np.ndarray, truth: np.ndarray, mask: np.ndarray) -> tuple[np.ndarray, float]:
    """-> the prediction on its line onto the scaled truth, clipped to [0, 1], and their correlation"""
    slope, offset, r = line_onto(prediction, truth, mask)
    return np.where(mask, np.clip(offset + slope * prediction, 0, 1), 0).astype(truth.dtype), r


def psnr(a: np.ndarray, b: np.ndarray, mask: np.ndarray) -> float:
    error = float(np.mean(np.square(a[mask].astype(np.float64) - b[mask])))
    return 10 * float(np.log10(1 / max(error, 1e-12)))


def ssim_volume(a: np.ndarray, b: np.ndarray, mask: np.ndarray) -> np.ndarray:
    """-> SSIM at every voxel of the mask's bounding box, zeros elsewhere"""
    box = tuple(slice(int(i.min()), int(i.max()) + 1) for i in np.nonzero(mask))
    shortest = min(a[box].shape)
    result = np.zeros(mask.shape, np.float32)
    window = min(WINDOW, shortest - (shortest + 1) % 2)
    result[box] = structural_similarity(a[box], b[box], win_size=window, data_range=1, full=True)[1]
    return result


def slicewise_ssim(prediction: np.ndarray, truth: np.ndarray, mask: np.ndarray) -> dict[str, float]:
    """Two volumes [Z, H, W] and the mask -> 2-D ssim, slice by slice, of the axial slices and of the coronal reformats: banding along z would show
    as a gap between them"""
    reference = scaled(truth, mask)
    line, _ = fitted(prediction, reference, mask)
    found = {}
    for name, order in (("ssim_axial", (0, 1, 2)), ("ssim_coronal", (1, 0, 2))):
        a, b, m = (v.transpose(order) for v in (line, reference, mask))
        slices = [i for i in range(len(m)) if m[i].mean() > ENOUGH]
        maps = (structural_similarity(a[i], b[i], win_size=WINDOW, data_range=1, full=True)[1][m[i]].mean() for i in slices)
        found[name] = float(np.mean(list(maps)))
    return found


def compare(prediction: np.ndarray, truth: np.ndarray, mask: np.ndarray, brasyn: bool = True) -> dict[str, float]:
    """Two volumes [Z, H, W] on one grid and the mask [Z, H, W] -> every metric; without `brasyn` not the two of that name"""
    reference = scaled(truth, mask)
    line, r = fitted(prediction, reference, mask)
    similarity = ssim_volume(line, reference, mask)
    inner = binary_erosion(mask, np.ones((1, 2 * MARGIN + 1, 2 * MARGIN + 1)))
    found = {
        "psnr": psnr(line, reference, mask),
        "ssim": float(similarity[mask].mean()),
        "ssim_inner": float(similarity[inner].mean()) if inner.any() else float("nan"),
        "r": r,
        "mae": float(np.abs(line - reference)[mask].mean()),
    }
    if brasyn:
        own = scaled(prediction, mask) if np.ptp(prediction[mask]) > 0 else np.zeros_like(reference)
        found |= {"psnr_brasyn": psnr(own, reference, mask), "ssim_brasyn": float(ssim_volume(own, reference, mask)[mask].mean())}
    return found
