"""The network that denoises the residual: what the target has and the prior, the mean of a C-UNet, lacks.

The residual is counted in the error that the C-UNet expects at each pixel, so that one noise fits all of the
image. Fine detail comes from the images themselves and from the noisy residual, so that the network works at
half the resolution and below.
"""

from __future__ import annotations

import torch
import torch.nn.functional as F
from torch import Tensor

from ... import CONTRASTS
from ...common.unet import HARMONICS, ConditionedUNet, waves
from ..cdm.cunet import NEIGHBOURS, SLICES, SMALLEST_SCALE
from .recipe import Recipe

SUBPIXELS = 4  # 2 x 2 pixels of the full resolution in one of the half
DETAIL = 5  # pixels; what differs from the mean of so many is detail
SPREAD = 1.4  # standard deviation of the error over its expected absolute value: between Gauss and Laplace
MIXED = len(CONTRASTS) + 2  # images whose detail is mixed: the sources, the prior, the noisy residual
INPUTS = len(CONTRASTS) * SLICES + 3  # the sources, the prior, its expected error, the noisy residual


def deviation(scale: Tensor) -> Tensor:
    """Expected absolute error of the prior -> the unit of the residual, intensity; never 0"""
    return SPREAD * scale.clamp(min=SMALLEST_SCALE)


def detail(images: Tensor) -> Tensor:
    """[S, n, H, W] -> what differs from the mean around each pixel"""
    return images - F.avg_pool2d(images, DETAIL, stride=1, padding=DETAIL // 2)


class RefineNet(ConditionedUNet):
    """images [S, 20, H, W] and availability [S, 4] as for the C-UNet, prior [S, 2, H, W] (the mean of the
    target, its expected absolute error), noisy residual [S, 1, H, W], target [S, 4] one-hot, signal [S, 1]
    (the share of the residual's amplitude that the noise leaves), noise level [S, 1] of the image that is
    wanted (see `noise_level.condition`) -> the residual [S, 1, H, W]. H and W are
    multiples of 2 to the number of levels. Untrained, it finds no residual: the result is the prior."""

    def __init__(self, recipe: Recipe):
        condition = 2 * len(CONTRASTS) + 2 * (1 + 2 * HARMONICS)
        super().__init__(INPUTS, SUBPIXELS + MIXED, recipe.channels, condition, recipe.code)

    def forward(
        self,
        images: Tensor,
        availability: Tensor,
        prior: Tensor,
        noisy: Tensor,
        target: Tensor,
        signal: Tensor,
        noise_level: Tensor,
    ) -> Tensor:
        mean, scale = prior[:, :1], prior[:, 1:]
        unit = deviation(scale)
        condition = torch.cat([availability, target, waves(signal), waves(noise_level)], 1)
        # around 0, for errors of 0.01 to 0.1
        inputs = torch.cat([images, mean, unit.log() / 2 + 1.5, noisy], 1)
        subpixels, weights = self.head_maps(inputs, condition).split((SUBPIXELS, MIXED), 1)
        sharp = detail(torch.cat([images[:, NEIGHBOURS::SLICES], mean], 1)) / unit
        weights = F.interpolate(weights, scale_factor=2.0, mode="nearest")
        mixed = (weights * torch.cat([sharp, noisy], 1)).sum(1, keepdim=True)
        return (F.pixel_shuffle(subpixels, 2) + mixed).float()
