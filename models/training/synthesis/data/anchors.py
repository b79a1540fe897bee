"""Two figures that make a contrast comparable between patients: where healthy white matter lies, and how far
the healthy brain spreads.

Lesions are left out of both, else a large lesion stretches the scale and so shrinks itself (Reinhold et
al., SPIE 2019, normalize by tissue for synthesis for the same reason).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from .codes import SPREAD, WHITE_MATTER
from .white_matter import AWAY, dilated

TAILS = (8, 92)  # percentiles
TAILS_APART = 2.810  # their distance in standard deviations of a normal distribution
NARROWEST = 1e-3  # spread of a contrast that shows nothing


@dataclass(frozen=True)
class Anchor:
    """In stored intensity, after shading is removed."""

    white_matter: float
    spread: float

    def anchored(self, volume: np.ndarray) -> np.ndarray:
        """stored intensity -> anchored: WHITE_MATTER at healthy white matter, SPREAD for one spread"""
        return WHITE_MATTER + (volume - np.float32(self.white_matter)) * np.float32(SPREAD / self.spread)

    def stored(self, volume: np.ndarray) -> np.ndarray:
        """anchored intensity -> stored intensity, without shading"""
        return np.float32(self.white_matter) + (volume - WHITE_MATTER) * np.float32(self.spread / SPREAD)


def healthy_brain(brain: np.ndarray, lesion: np.ndarray, slice_spacing: float = 1.0) -> np.ndarray:
    """bool [Z, Y, X] twice -> the brain without the lesion and AWAY mm around it; the whole brain where too
    little would be left
    """
    if not lesion.any():
        return brain
    healthy = brain & ~dilated(lesion, AWAY, slice_spacing)
    return healthy if healthy.sum() > brain.sum() / 5 else brain


def anchor(volume: np.ndarray, white: np.ndarray, healthy: np.ndarray) -> Anchor:
    """intensity without shading [Z, Y, X], white matter and healthy brain bool [Z, Y, X] -> the contrast's
    anchor

    The spread is the distance of the TAILS percentiles of the healthy brain, in standard deviations of a
    normal distribution. Against a clipped standard deviation or the quartiles it makes the medians of grey
    matter and CSF vary least between patients.
    """
    values = volume[healthy]
    low, high = np.percentile(values, TAILS)
    middle = float(np.median(volume[white])) if white.any() else float(np.median(values))
    return Anchor(middle, max(float(high - low) / TAILS_APART, NARROWEST))
