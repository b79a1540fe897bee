"""Two figures that make a contrast comparable between patients: the intensity of healthy white matter, and
the spread of intensities in the healthy brain.

Both leave lesions out. Else a large lesion would widen the scale and reduce its own contrast (for the same
reason Reinhold et al., SPIE 2019, normalize by tissue for synthesis). The engine has no labels of lesions:
sources are therefore anchored without them (`Record.source_scales`), their targets with them.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from .codes import SPREAD, WHITE_MATTER
from .white_matter import AWAY, dilated

TAILS = (8, 92)  # percentiles
TAILS_APART = 2.810  # their distance in standard deviations of a normal distribution
NARROWEST = 1e-3  # spread of an empty contrast


@dataclass(frozen=True)
class Anchor:
    """Figures of one contrast in stored intensity, after shading is removed."""

    white_matter: float
    spread: float

    def anchored(self, volume: np.ndarray) -> np.ndarray:
        """stored intensity, any shape -> anchored: WHITE_MATTER at healthy white matter, SPREAD for one
        spread"""
        return WHITE_MATTER + (volume - np.float32(self.white_matter)) * np.float32(SPREAD / self.spread)

    def stored(self, volume: np.ndarray) -> np.ndarray:
        """anchored intensity, any shape -> stored intensity, without shading"""
        return np.float32(self.white_matter) + (volume - WHITE_MATTER) * np.float32(self.spread / SPREAD)

    def scale_to(self, other: Anchor) -> tuple[float, float]:
        """-> gain and offset from intensity anchored here to intensity anchored by `other`"""
        return self.spread / other.spread, float(other.anchored(self.stored(np.zeros(()))))


def healthy_brain(brain: np.ndarray, lesion: np.ndarray, slice_spacing: float = 1.0) -> np.ndarray:
    """Brain and lesion, bool [Z, Y, X] -> the brain without the lesion and AWAY mm around it; the whole brain
    if too little would remain"""
    if not lesion.any():
        return brain
    healthy = brain & ~dilated(lesion, AWAY, slice_spacing)
    return healthy if healthy.sum() > brain.sum() / 5 else brain


def anchor(volume: np.ndarray, white: np.ndarray, healthy: np.ndarray) -> Anchor:
    """Intensity without shading [Z, Y, X], white matter and healthy brain bool [Z, Y, X] -> the contrast's
    anchor

    The spread is the distance of the TAILS percentiles of the healthy brain over that of a standard normal
    distribution. With it the medians of grey matter and CSF vary less between patients than with a clipped
    standard deviation or the quartiles.
    """
    values = volume[healthy]
    low, high = np.percentile(values, TAILS)
    middle = float(np.median(volume[white])) if white.any() else float(np.median(values))
    return Anchor(middle, max(float(high - low) / TAILS_APART, NARROWEST))
