"""A reference case for the engine's tests: the anchored intensities of a shaded head that is given by a
formula.

    python -m synthesis.data.fixture tests/fixtures/anchors     # at the root of the repository
"""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np

from .. import CEILING, CONTRASTS, FLAIR, T1, T2
from ..common.files import write_json
from .anchors import anchor
from .archive import floor
from .nifti import PERCENTILES
from .shading import fit_shading, without
from .white_matter import white_matter

SHAPE = (56, 68, 60)
"""Slices, rows, columns of 1 mm."""

HEAD = {
    T1: ((750, 500, 150), (0.5, -0.3, 0.2, 0.4)),
    T2: ((350, 500, 900), (0.3, 0.2, -0.3, 0.3)),
    FLAIR: ((500, 600, 150), (-0.2, 0.4, 0.1, 0.5)),
}
"""Signal of white matter, grey matter and fluid; logarithm of the shading along z, y, x and in zz, at 40
mm."""

EVERY = 97  # voxels of the brain of which one is written


def head(contrast: int) -> tuple[np.ndarray, np.ndarray]:
    """-> signal float32 [Z, Y, X], and the brain, bool: soft transitions between folded white matter, grey
    matter and a ventricle"""
    z, y, x = np.meshgrid(*(np.arange(n, dtype=np.float64) - (n - 1) / 2 for n in SHAPE), indexing="ij")
    radius = np.sqrt(z * z + 0.8 * y * y + 1.2 * x * x)
    folds = 1.5 * np.sin(x / 3) * np.cos(y / 4 + z / 5)
    grey = 1 / (1 + np.exp(21 + folds - radius))
    fluid = 1 / (1 + np.exp(2 * (np.sqrt(z * z + 0.5 * y * y + 2 * x * x) - 6)))
    (white_signal, grey_signal, fluid_signal), (a, b, c, d) = HEAD[contrast]
    signal = white_signal + (grey_signal - white_signal) * grey
    signal = signal + (fluid_signal - signal) * fluid
    signal = signal * (1 + 0.03 * np.sin(2.1 * x + contrast) * np.cos(1.7 * y - z))
    shading = np.exp((a * z + b * y + c * x + d * z * z / 40) / 40)
    return (signal * shading).astype(np.float32), radius < 26


def reference() -> dict[str, object]:
    """-> for each set of contrasts their anchors and a part of their anchored intensities"""
    cases = []
    for contrasts in ((T1, T2, FLAIR), (FLAIR,)):
        brain = head(T1)[1]
        lesion = np.zeros_like(brain)
        volumes, floors = {}, {}
        for c in contrasts:
            signal = head(c)[0]
            low, high = np.percentile(signal[brain], PERCENTILES)
            volumes[c] = np.clip((signal - low) / (high - low), 0, CEILING).astype(np.float32) * brain
            floors[c] = floor((float(low), float(high)))
        shading = fit_shading(volumes, brain, lesion, floors)
        flat = {c: without(v, shading[c].factor(brain.shape, 1.0), floors[c]) for c, v in volumes.items()}
        white = white_matter(flat, brain, lesion)
        anchors = {c: anchor(v, white, brain) for c, v in flat.items()}
        cases.append(
            {
                CONTRASTS[c]: {
                    "white_matter": anchors[c].white_matter,
                    "spread": anchors[c].spread,
                    "anchored": [
                        round(float(v), 5)
                        for v in np.clip(anchors[c].anchored(flat[c]), 0, CEILING)[brain][::EVERY]
                    ],
                }
                for c in contrasts
            }
        )
    return {"every": EVERY, "cases": cases}


if __name__ == "__main__":
    folder = Path(sys.argv[1])
    folder.mkdir(parents=True, exist_ok=True)
    write_json(folder / "fixture.json", reference())
