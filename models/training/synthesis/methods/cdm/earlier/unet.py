"""The plain U-Net: any non-empty subset of source slices -> the target's slice. It is the baseline, and the
body of the C-UNet.

Encoder and decoder are separate networks, because the encoder runs once and the decoder once per target
and sample. The network works at half resolution and below. Detail at full resolution comes from the
sources, mixed with weights that vary over the image.
"""

from __future__ import annotations

from itertools import zip_longest

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from ....common.conv_norm import ConvNorm
from . import CONTRASTS, NEIGHBOURS
from .config import Config
from .layers import Mlp

SLOPE = 0.1  # of the leaky rectifier
SUBPIXELS = 4  # 2 x 2 pixels of the full resolution in one of the half
SMALLEST_SCALE = 0.005  # of the error head, in normalized intensity


class EncoderLevel(nn.Module):
    """One level down: [S, inputs, h, w] and availability [S, 4] -> [S, outputs, h/2, w/2]"""

    def __init__(self, inputs: int, outputs: int, blocks: int, kernel: int):
        super().__init__()
        self.down = ConvNorm(inputs, outputs, kernel, stride=2)
        self.blocks = nn.ModuleList(ConvNorm(outputs, outputs) for _ in range(blocks))
        self.code = nn.Linear(len(CONTRASTS), outputs)

    def forward(self, x: Tensor, availability: Tensor) -> Tensor:
        x = F.leaky_relu(self.down(x) + self.code(availability)[:, :, None, None], SLOPE)
        for block in self.blocks:
            x = F.leaky_relu(x + block(x), SLOPE)
        return x


class UNetEncoder(nn.Module):
    """images [S, 12, H, W] (contrast-major, zeros where absent), availability [S, 4] -> centre slices [S, 4,
    H, W], then one feature map a level, from half the resolution down to the token grid"""

    def __init__(self, config: Config):
        super().__init__()
        widths = (len(CONTRASTS) * (2 * NEIGHBOURS + 1), *config.unet.channels)
        self.levels = nn.ModuleList(
            EncoderLevel(a, b, blocks, 4 if i == 0 else 3)
            for i, (a, b, blocks) in enumerate(zip(widths, widths[1:], config.unet.blocks))
        )

    def forward(self, images: Tensor, availability: Tensor) -> tuple[Tensor, ...]:
        features = [images[:, NEIGHBOURS :: 2 * NEIGHBOURS + 1], images]
        for level in self.levels:
            features.append(level(features[-1], availability))
        return (features[0], *features[2:])


class DecoderLevel(nn.Module):
    """One level up: [S, inputs, h, w] and the encoder's map [S, outputs, 2h, 2w] -> [S, outputs, 2h, 2w]"""

    def __init__(self, inputs: int, outputs: int, code: int):
        super().__init__()
        self.narrow = nn.Conv2d(inputs, outputs, 1)
        self.conv, self.block = ConvNorm(outputs, outputs), ConvNorm(outputs, outputs)
        self.code = nn.Linear(code, 2 * outputs)

    def forward(self, x: Tensor, skip: Tensor, code: Tensor, local: Tensor | None = None) -> Tensor:
        """`local` [S, 2 outputs, 2h, 2w]: scale and shift at every place (C-UNet)"""
        x = F.interpolate(self.narrow(x), scale_factor=2.0, mode="nearest") + skip
        if local is not None:
            local_scale, local_shift = local.chunk(2, dim=1)
            x = x * (1 + local_scale) + local_shift
        scale, shift = self.code(code)[:, :, None, None].chunk(2, dim=1)
        x = F.leaky_relu(self.conv(x) * (1 + scale) + shift, SLOPE)
        return F.leaky_relu(x + self.block(x), SLOPE)


class UNetDecoder(nn.Module):
    """The encoder's outputs, target [S, 4] one-hot, availability [S, 4] -> prediction and its expected
    absolute error, both [S, 1, H, W], normalized. The prediction is a mix of the sources' centre slices,
    with weights at half the resolution, plus a residual."""

    def __init__(self, config: Config):
        super().__init__()
        contrasts, up = len(CONTRASTS), config.unet.channels[::-1]
        self.code = nn.Sequential(Mlp(2 * contrasts, config.unet.code, config.unet.code), nn.SiLU())
        self.levels = nn.ModuleList(DecoderLevel(a, b, config.unet.code) for a, b in zip(up, up[1:]))
        self.head = nn.Conv2d(up[-1], 2 * SUBPIXELS + contrasts, 3, padding=1)
        self.head_code = nn.Linear(config.unet.code, up[-1])
        nn.init.zeros_(self.head.weight[SUBPIXELS:])
        self.mix = nn.Linear(config.unet.code, contrasts)

    def forward(
        self, features: tuple[Tensor, ...], target: Tensor, availability: Tensor
    ) -> tuple[Tensor, Tensor]:
        code = self.code(torch.cat([target, availability], -1))
        return self.decode(features, features[-1], code, availability)

    def decode(
        self,
        features: tuple[Tensor, ...],
        x: Tensor,
        code: Tensor,
        availability: Tensor,
        maps: tuple[Tensor | None, ...] = (),
    ) -> tuple[Tensor, Tensor]:
        """`x` [S, C, h, w]: the deepest map, conditioned or not; `maps`: scale and shift of the first
        levels"""
        centres, *skips = features
        for level, skip, local in zip_longest(self.levels, skips[-2::-1], maps):
            x = level(x, skip, code, local)
        out = self.head(x * (1 + self.head_code(code)[:, :, None, None]))
        residual, log_scale = (
            F.pixel_shuffle(out[:, :SUBPIXELS], 2),
            F.pixel_shuffle(out[:, SUBPIXELS : 2 * SUBPIXELS], 2),
        )
        weights = (out[:, 2 * SUBPIXELS :] + self.mix(code)[:, :, None, None]) * availability[
            :, :, None, None
        ]
        mixed = (F.interpolate(weights, scale_factor=2.0, mode="nearest") * centres).sum(1, keepdim=True)
        scale = torch.exp(log_scale.clamp(-5, 2) - 2) + SMALLEST_SCALE
        return mixed + residual, scale


class UNet(nn.Module):
    """images [S, 12, H, W], availability [S, 4], target [S, 4] -> prediction and expected error
    [S, 1, H, W], normalized"""

    def __init__(self, config: Config):
        super().__init__()
        self.encoder, self.decoder = UNetEncoder(config), UNetDecoder(config)

    def forward(self, images: Tensor, availability: Tensor, target: Tensor) -> tuple[Tensor, Tensor]:
        return self.decoder(self.encoder(images, availability), target, availability)
