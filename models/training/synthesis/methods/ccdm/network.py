"""The network: T1, low-dose T1ce and the dose -> the full-dose T1ce and its expected error.

It starts from the linear answer, the difference of the two images multiplied by a factor that shrinks with
noise, and learns what is left: where to trust the difference more or less, and a residual. The same network
denoises the residual, for samples: then it sees a noisy residual and how much signal is in it. Detail comes
from the images themselves, so that it works at half the resolution and below.
"""

from __future__ import annotations

import math
from typing import NamedTuple

import torch
import torch.nn.functional as F
from torch import Tensor

from ...common.unet import HARMONICS, ConditionedUNet, waves
from .dose import LEAST
from .recipe import Recipe

NEIGHBOURS = 1  # slices on each side of a slice that the network sees
SLICES = 2 * NEIGHBOURS + 1
SUBPIXELS = 4  # 2 x 2 pixels of the full resolution in one of the half
SMALLEST_SCALE = 0.002  # of the expected error
GAIN_POWER = -0.76  # of the dose: the factors of the linear baseline, fitted out of fold (measure_baseline)
NOISE_SHARE = 0.01  # power of the noise in the difference image over that of the full enhancement
OPEN = 0.05  # standard deviation of what the smallest doses leave open, intensity
LARGEST_RISE = 1.5  # of the factor times the difference, intensity


class Output(NamedTuple):
    """The output for S slices, each [S, 1, H, W]."""

    mean: Tensor  # intensity
    scale: Tensor  # expected absolute error
    residual: Tensor  # (mean - linear answer) / `deviation`: what the diffusion calls x_0


def gain(dose: Tensor) -> Tensor:
    """-> the factor on the difference image with about the least squared error over patients at that dose: an
    untrained network is the linear baseline"""
    return dose**GAIN_POWER


def deviation(dose: Tensor, recipe: Recipe) -> Tensor:
    """-> standard deviation of the residual, and so of the diffusion's noise (H of the paper, section 3),
    intensity: what a dose leaves open, or the same for all"""
    if recipe.noise == "same":
        return torch.full_like(dose, OPEN / 2)
    return OPEN * torch.sqrt((LEAST**2 + NOISE_SHARE) / (dose.square() + NOISE_SHARE))


def embedding(condition: Tensor) -> Tensor:
    """[S, 2], the dose, and the share of signal in the noisy residual, 0 where there is none -> [S, 2 + 4
    HARMONICS]: the logarithm of the dose and the share in [0, 1], and waves of them"""
    dose = condition[:, :1].clamp(LEAST / 2, 1).log() / math.log(LEAST)
    return waves(torch.cat([dose, condition[:, 1:]], 1))


class DoseNet(ConditionedUNet):
    """images [S, 6, H, W] (T1, then low-dose T1ce, `SLICES` each), noisy [S, 1, H, W], condition [S, 2] as
    for `embedding` -> `Output`. H and W are multiples of 2 to the number of levels."""

    def __init__(self, recipe: Recipe):
        super().__init__(2 * SLICES + 1, 2 * SUBPIXELS + 1, recipe.channels, 2 + 4 * HARMONICS, recipe.code)
        self.recipe = recipe

    def forward(self, images: Tensor, noisy: Tensor, condition: Tensor) -> Output:
        dose = condition[:, :1, None, None]
        t1, low = images[:, :SLICES], images[:, SLICES:]
        rise = (gain(dose) * (low - t1)).clamp(-LARGEST_RISE, LARGEST_RISE)
        linear = (t1 + rise)[:, NEIGHBOURS : NEIGHBOURS + 1]
        head = self.head_maps(torch.cat([t1, rise, noisy], 1), embedding(condition))
        detail, log_scale, trust = head.split((SUBPIXELS, SUBPIXELS, 1), 1)
        trust = F.interpolate(trust, scale_factor=2.0, mode="nearest")
        unit = deviation(dose, self.recipe)
        residual = F.pixel_shuffle(detail, 2) + trust * rise[:, NEIGHBOURS : NEIGHBOURS + 1] / unit
        scale = unit * torch.exp(F.pixel_shuffle(log_scale, 2).float().clamp(-5, 4)) + SMALLEST_SCALE
        return Output((linear + unit * residual).float(), scale, residual.float())
