"""Simulation of a T1ce with less contrast agent from a patient's T1 and T1ce.

The agent raises the relaxation rate R1 in proportion to the dose. The signal of a spoiled gradient echo or a
spin echo grows with R1, but less and less: at a quarter of the dose tissue shows more than a quarter of its
enhancement. A mixture of two images has less noise than each of them, so noise is added until the level is
that of the acquired ones. All intensities are anchored (`data.codes`): T1 and T1ce have the same white matter
and the same spread.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import torch
from torch import Tensor

from ... import CEILING, T1CE
from ...data.codes import NO_SIGNAL

LEAST = 0.05
"""Smallest dose, as a share of the full one."""

REST = 1.2
"""T1 in seconds of tissue without agent: between grey and white matter, and tumours."""

DARKEST = 0.1
"""Intensity over the scanner's zero below which a T1 is too dark to say how much a voxel enhances."""

SATURATED = 0.95
"""Largest signal over that of complete relaxation: beyond it R1 cannot be told from the signal."""


@dataclass(frozen=True)
class Sequence:
    """A T1-weighted sequence. A spin echo is a gradient echo with a flip angle of 90 degrees."""

    repetition: float  # seconds
    flip: float  # degrees

    def signal(self, rate: Tensor) -> Tensor:
        """R1 in 1/s -> the signal, relative to that of complete relaxation"""
        relaxed = -torch.expm1(-self.repetition * rate)
        return relaxed / (1 - self.cosine + self.cosine * relaxed)

    def rate(self, signal: Tensor) -> Tensor:
        """-> R1 in 1/s, the inverse of `signal`"""
        relaxed = signal * (1 - self.cosine) / (1 - self.cosine * signal)
        return -torch.log1p(-relaxed) / self.repetition

    @property
    def cosine(self) -> float:
        """That of the flip angle; exactly 0 for a spin echo."""
        return 0.0 if self.flip == 90 else math.cos(math.radians(self.flip))


SPOILED_GRADIENT_ECHO = Sequence(0.008, 15)
SPIN_ECHO = Sequence(0.6, 90)
SEQUENCES = (SPOILED_GRADIENT_ECHO, SPIN_ECHO)
SHOWN = SPOILED_GRADIENT_ECHO
"""The sequence of results with less than the full dose."""


def share_of_enhancement(t1: Tensor, t1ce: Tensor, dose: Tensor, sequence: Sequence) -> Tensor:
    """T1 and T1ce, any shape, and doses in [0, 1] that broadcast to it -> the share of T1ce - T1 that a voxel
    shows at the dose: 0 at none, 1 at the full one, the dose itself where nothing enhances"""
    zero = NO_SIGNAL[T1CE]
    ratio = ((t1ce - zero) / (t1 - zero).clamp(min=DARKEST)).clamp(min=1)
    rest = torch.full_like(ratio, 1 / REST)
    before = sequence.signal(rest)
    full = (ratio * before).clamp(max=SATURATED)
    rate = rest + dose * (sequence.rate(full) - rest)
    rise = full - before
    share = (sequence.signal(rate) - before) / rise.clamp(min=1e-6)
    return torch.where(rise > 1e-3, share, dose.expand_as(share))


def at_dose(t1: Tensor, t1ce: Tensor, dose: Tensor, sequence: Sequence) -> Tensor:
    """T1 and T1ce, any shape, and doses in [0, 1] that broadcast to it -> what the dose shows, without noise:
    where the T1ce is brighter than the T1 it never falls as the dose rises"""
    return t1 + share_of_enhancement(t1, t1ce, dose, sequence) * (t1ce - t1)


def low_dose(
    t1: Tensor, t1ce: Tensor, dose: Tensor, sequence: Sequence, noise: tuple[Tensor, Tensor], white: Tensor
) -> Tensor:
    """T1 and T1ce, any shape, doses in [0, 1] that broadcast to it, the standard deviations of the noise of
    T1 and T1ce (`noise_level`), and standard normal numbers of the images' shape -> T1ce at that dose, in
    [0, CEILING]. A dose of 1 gives the T1ce, one of 0 the T1."""
    share = share_of_enhancement(t1, t1ce, dose, sequence)
    mixed = t1 + share * (t1ce - t1)
    added = (share * (1 - share)).clamp(min=0) * (noise[0].square() + noise[1].square())
    return (mixed + added.sqrt() * white).clamp(0, CEILING)


def noise_level(image: Tensor, where: Tensor) -> float:
    """Image and mask [Z, Y, X] -> the standard deviation of its noise in the mask: the mean absolute response
    of a filter that is blind to gradients (Immerkaer, CVIU 1996), slice by slice. Raises ValueError for an
    empty mask."""
    if not where.any():
        raise ValueError("noise cannot be measured in an empty mask.")
    kernel = torch.tensor([1.0, -2.0, 1.0], device=image.device)
    response = torch.nn.functional.conv2d(image[:, None], kernel[:, None].mul(kernel)[None, None], padding=1)
    return float(response[:, 0][where].abs().mean()) * math.sqrt(math.pi / 2) / 6
