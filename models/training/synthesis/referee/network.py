"""The referee: a small 2.5-D residual U-Net that segments lesions."""

from __future__ import annotations

from collections.abc import Sequence

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from .. import CONTRASTS, LABELS
from ..data.codes import WHITE_MATTER

SLICES = 3
"""Neighbouring slices that the network sees; it labels the middle one."""

WIDTHS = (24, 40, 64, 96)
MULTIPLE = 16
"""Rows and columns of an input are a multiple of this."""

NORM_GROUP = 8


def network_input(images: Tensor, available: Tensor) -> Tensor:
    """float intensity [B, 4, 3, Y, X] and bool [B, 4] -> [B, 16, Y, X]: images relative to white matter, 0
    where a contrast is not available and in the background (intensity 0), then one plane per contrast, 1
    if it is available"""
    b, _, _, y, x = images.shape
    known = available[:, :, None, None, None] & (images > 0)
    centred = torch.where(known, 4 * (images - WHITE_MATTER), images.new_zeros(()))
    planes = available[:, :, None, None].to(images.dtype).expand(b, len(CONTRASTS), y, x)
    return torch.cat((centred.flatten(1, 2), planes), 1)


class Block(nn.Module):
    """x + conv(act(norm(conv(act(norm(x))))))   (He 2016, pre-activation)

    The norms are over groups of channels of one slice (Wu 2018): independent of the batch like InstanceNorm,
    but they keep the relative levels of the channels and channels_last memory.
    """

    def __init__(self, width: int):
        super().__init__()
        self.norms = nn.ModuleList(nn.GroupNorm(width // NORM_GROUP, width) for _ in range(2))
        self.convs = nn.ModuleList(nn.Conv2d(width, width, 3, padding=1, bias=False) for _ in range(2))

    def forward(self, x: Tensor) -> Tensor:
        residual = x
        for norm, conv in zip(self.norms, self.convs):
            residual = conv(F.silu(norm(residual)))
        return x + residual


class Referee(nn.Module):
    """[B, 16, Y, X] (`network_input`) -> logits of LABELS [B, 5, Y, X], and for deep supervision (Lee
    2015) those at 1/4 and 1/8 of the resolution. 1.0 GFLOP for 192 x 192, 0.5 M parameters."""

    def __init__(self, widths: Sequence[int] = WIDTHS):
        super().__init__()
        inputs, classes = len(CONTRASTS) * (SLICES + 1), len(LABELS)
        pairs = list(zip(widths, widths[1:]))
        self.stem = nn.Conv2d(inputs, widths[0], 3, stride=2, padding=1)
        self.encoder = nn.ModuleList(Block(width) for width in widths)
        self.down = nn.ModuleList(nn.Conv2d(a, b, 2, stride=2) for a, b in pairs)
        self.up = nn.ModuleList(nn.Conv2d(b, a, 1) for a, b in pairs)
        self.decoder = nn.ModuleList(Block(a) for a, _ in pairs)
        self.head = nn.Conv2d(widths[0], 4 * classes, 1)
        self.deep = nn.ModuleList(nn.Conv2d(width, classes, 1) for width in widths[1:3])

    def forward(self, x: Tensor) -> list[Tensor]:
        x = self.stem(x)
        skips: list[Tensor] = []
        for level, block in enumerate(self.encoder):
            x = block(self.down[level - 1](skips[-1]) if level else x)
            skips.append(x)
        coarse: list[Tensor] = []
        for level in reversed(range(len(self.decoder))):
            x = F.interpolate(self.up[level](x), scale_factor=2.0, mode="nearest")
            x = self.decoder[level](x + skips[level])
            if 0 < level <= len(self.deep):
                coarse.insert(0, self.deep[level - 1](x))
        return [F.pixel_shuffle(self.head(x), 2), *coarse]
