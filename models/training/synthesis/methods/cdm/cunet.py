"""C-UNet: any non-empty subset of the contrasts -> all contrasts at once, their expected errors and lesions.

The input is five neighbouring slices of every contrast. The network works at half the resolution and
below. Detail comes from the sources, mixed with weights that vary over the image. The mean needs no
diffusion: samples of the residual at low resolution (`mdn.py`) are added to it.
"""

from __future__ import annotations

from typing import NamedTuple

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from ... import CONTRASTS, LABELS
from ...common.conv_norm import ConvNorm
from .recipe import Recipe

NEIGHBOURS = 2  # slices on each side of a slice that the network sees
SLICES = 2 * NEIGHBOURS + 1
PLANES = ("axial", "coronal", "sagittal")
OUTPUTS = len(CONTRASTS) + 1  # the last: a T1ce trained without enhancing voxels
SUBPIXELS = 4  # 2 x 2 pixels of the full resolution in one of the half
SLOPE = 0.1  # of the leaky rectifier
SMALLEST_SCALE = 0.005  # of the expected error


class Output(NamedTuple):
    """The output for S slices."""

    mean: Tensor  # [S, 5, H, W] intensity: t1, t1ce, t2, flair, and t1ce trained without enhancing voxels
    scale: Tensor  # [S, 5, H, W] expected absolute error of each
    lesion: Tensor  # [S, 5, H/2, W/2] logits of `LABELS`
    features: Tensor  # [S, channels[2], H/8, W/8], the encoder's map on the grid of the diffusion


class EncoderLevel(nn.Module):
    """[S, inputs, h, w] -> [S, outputs, h/2, w/2]"""

    def __init__(self, inputs: int, outputs: int, blocks: int, kernel: int):
        super().__init__()
        self.down = ConvNorm(inputs, outputs, kernel, stride=2)
        self.blocks = nn.ModuleList(ConvNorm(outputs, outputs) for _ in range(blocks))
        self.code = nn.Linear(len(CONTRASTS) + len(PLANES), outputs)

    def forward(self, x: Tensor, given: Tensor) -> Tensor:
        x = F.leaky_relu(self.down(x) + self.code(given)[:, :, None, None], SLOPE)
        for block in self.blocks:
            x = F.leaky_relu(x + block(x), SLOPE)
        return x


class DecoderLevel(nn.Module):
    """[S, inputs, h, w] and the encoder's map [S, outputs, 2h, 2w] -> [S, outputs, 2h, 2w]"""

    def __init__(self, inputs: int, outputs: int, code: int):
        super().__init__()
        self.narrow = nn.Conv2d(inputs, outputs, 1)
        self.conv, self.block = ConvNorm(outputs, outputs), ConvNorm(outputs, outputs)
        self.code = nn.Linear(code, 2 * outputs)

    def forward(self, x: Tensor, skip: Tensor, code: Tensor) -> Tensor:
        x = F.interpolate(self.narrow(x), scale_factor=2.0, mode="nearest") + skip
        scale, shift = self.code(code)[:, :, None, None].chunk(2, dim=1)
        x = F.leaky_relu(self.conv(x) * (1 + scale) + shift, SLOPE)
        return F.leaky_relu(x + self.block(x), SLOPE)


class CUNet(nn.Module):
    """images [S, 20, H, W] (contrast-major, `SLICES` each, 0 where absent), availability [S, 4], plane [S,
    3] one-hot -> `Output`. H and W are multiples of 2 to the number of levels."""

    def __init__(self, recipe: Recipe, channels: tuple[int, ...] | None = None):
        super().__init__()
        widths = (len(CONTRASTS) * SLICES, *(channels or recipe.channels))
        self.encoder = nn.ModuleList(
            EncoderLevel(a, b, n, 4 if i == 0 else 3)
            for i, (a, b, n) in enumerate(zip(widths, widths[1:], recipe.blocks))
        )
        self.code = nn.Sequential(
            nn.Linear(len(CONTRASTS) + len(PLANES), recipe.code),
            nn.SiLU(),
            nn.Linear(recipe.code, recipe.code),
            nn.SiLU(),
        )
        up = widths[:0:-1]
        self.decoder = nn.ModuleList(DecoderLevel(a, b, recipe.code) for a, b in zip(up, up[1:]))
        self.sizes = (OUTPUTS * SUBPIXELS, OUTPUTS * SUBPIXELS, OUTPUTS * len(CONTRASTS), len(LABELS))
        self.head = nn.Conv2d(up[-1], sum(self.sizes), 3, padding=1)
        self.mix = nn.Linear(recipe.code, OUTPUTS * len(CONTRASTS))
        nn.init.zeros_(self.head.weight[self.sizes[0] : sum(self.sizes[:3])])

    def forward(self, images: Tensor, availability: Tensor, plane: Tensor) -> Output:
        given = torch.cat([availability, plane], 1)
        x, maps = images, []
        for level in self.encoder:
            x = level(x, given)
            maps.append(x)
        code = self.code(given)
        for level, skip in zip(self.decoder, maps[-2::-1]):
            x = level(x, skip, code)
        residual, log_scale, weights, lesion = self.head(x).contiguous().split(self.sizes, 1)
        weights = weights + self.mix(code)[:, :, None, None]
        s, _, h, w = lesion.shape
        centres = (
            F.pixel_unshuffle(images[:, NEIGHBOURS::SLICES], 2)
            .to(weights.dtype)
            .view(s, len(CONTRASTS), 1, SUBPIXELS, h, w)
        )
        weights = weights.view(s, len(CONTRASTS), OUTPUTS, 1, h, w)
        mean = residual.view(s, OUTPUTS, SUBPIXELS, h, w)
        for contrast in range(len(CONTRASTS)):  # absent ones are 0
            mean = mean + weights[:, contrast] * centres[:, contrast]
        mean = F.pixel_shuffle(mean.flatten(1, 2), 2)
        scale = torch.exp(F.pixel_shuffle(log_scale, 2).float().clamp(-5, 2) - 2) + SMALLEST_SCALE
        return Output(mean.float(), scale, lesion.float(), maps[2])
