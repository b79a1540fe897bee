"""Intensities as bytes: 0 = background, else 1 + 199 x with the normalized intensity x in [0, 1.275]. 0 and 1
are the 0.5 and 99.5 percentiles inside the brain."""

from __future__ import annotations

import numpy as np

from . import CEILING


def decode(code: np.ndarray) -> np.ndarray:
    """uint8 code -> normalized float32 in [0, CEILING], 0 in the background"""
    return np.clip((code.astype(np.float32) - 1) / 199, 0, CEILING)


def encode(intensity: np.ndarray, inside: np.ndarray) -> np.ndarray:
    """normalized float and bool, same shape -> uint8 code, 0 outside"""
    return np.where(inside, np.clip(np.rint(1 + 199 * intensity), 1, 255), 0).astype(np.uint8)
