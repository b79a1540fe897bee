"""How close a synthesized volume comes to the acquired one, inside the brain.

The truth is clipped to its own 0.5 and 99.5 percentiles and scaled to [0, 1]. A synthesized MR image has no
unit, so the prediction is first fitted to the truth by a least-squares line (`psnr`, `ssim`, `ssim_inner`,
`mae`). `psnr_brasyn` and `ssim_brasyn` scale it by its own percentiles instead, as the BraSyn challenge does.
"""

from __future__ import annotations

import numpy as np
from skimage.metrics import structural_similarity

from ....common.metrics import WINDOW, fitted, inner, psnr, scaled, ssim_map

ENOUGH = 0.02  # share of a slice that must be brain for `slicewise_ssim`

DEFINITION = (
    "Inside the brain mask, mean over the validation patients. Truth clipped to its 0.5 and 99.5 "
    "percentiles and scaled to [0, 1]. psnr "
    "(dB), ssim (3-D, window 7, data range 1), ssim_inner (mask eroded by 4 voxels in plane) and mae after "
    "the least-squares line of the "
    "prediction onto the truth; r: Pearson; psnr_brasyn and ssim_brasyn with the prediction scaled by its "
    "own percentiles instead; ssim_axial and "
    "ssim_coronal 2-D, slice by slice. Measured on the ONNX files in the engine of the viewer, on "
    "onnxruntime-node."
)


def slicewise_ssim(prediction: np.ndarray, truth: np.ndarray, mask: np.ndarray) -> dict[str, float]:
    """Two volumes [Z, H, W] and the mask -> mean 2-D ssim of the axial and of the coronal slices; banding
    along z makes the second lower"""
    reference = scaled(truth, mask)
    line, _ = fitted(prediction, reference, mask)
    found = {}
    for name, order in (("ssim_axial", (0, 1, 2)), ("ssim_coronal", (1, 0, 2))):
        a, b, m = (v.transpose(order) for v in (line, reference, mask))
        slices = [i for i in range(len(m)) if m[i].mean() > ENOUGH]
        maps = (
            structural_similarity(a[i], b[i], win_size=WINDOW, data_range=1, full=True)[1][m[i]].mean()
            for i in slices
        )
        found[name] = float(np.mean(list(maps)))
    return found


def compare(
    prediction: np.ndarray, truth: np.ndarray, mask: np.ndarray, brasyn: bool = True
) -> dict[str, float]:
    """Two volumes [Z, H, W] on one grid and the mask [Z, H, W] -> every metric; psnr_brasyn and ssim_brasyn
    only with `brasyn`"""
    reference = scaled(truth, mask)
    line, fit = fitted(prediction, reference, mask)
    similarity = ssim_map(line, reference, mask)
    core = inner(mask)
    found = {
        "psnr": psnr(line, reference, mask),
        "ssim": float(similarity[mask].mean()),
        "ssim_inner": float(similarity[core].mean()) if core.any() else float("nan"),
        "r": fit.r,
        "mae": float(np.abs(line - reference)[mask].mean()),
    }
    if brasyn:
        own = scaled(prediction, mask) if np.ptp(prediction[mask]) > 0 else np.zeros_like(reference)
        found |= {
            "psnr_brasyn": psnr(own, reference, mask),
            "ssim_brasyn": float(ssim_map(own, reference, mask)[mask].mean()),
        }
    return found
