"""Intensities as bytes: 0 = background, else code = 1 + 199 u with the intensity u in [0, 1.275].

Stored patients: 0 and 1 are the 0.5 and 99.5 percentiles inside the brain. Anchored patients
(`anchors.py`): healthy white matter is 0.5, and one spread of the healthy brain is 1/10, so that -5 to 7.75
spreads fit.
"""

from __future__ import annotations

import numpy as np

from .. import CEILING

WHITE_MATTER = 0.5
SPREAD = 1 / 10
NO_SIGNAL = (0.0, -0.05, 0.25, 0.13)
"""The scanner's zero in anchored t1, t1ce, t2, flair: medians of the training patients. Shading multiplies
the difference to it."""


def decode(code: np.ndarray) -> np.ndarray:
    """uint8 code, any shape -> float32 intensity in [0, CEILING]; 0 in the background"""
    return np.clip((code.astype(np.float32) - 1) / 199, 0, CEILING)


def encode(intensity: np.ndarray, inside: np.ndarray) -> np.ndarray:
    """float intensity and bool, same shape -> uint8 code, 0 outside"""
    return np.where(inside, np.clip(np.rint(1 + 199 * intensity), 1, 255), 0).astype(np.uint8)
