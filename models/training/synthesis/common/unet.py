"""A small U-Net from half the resolution down, all of whose levels a condition scales and shifts."""

from __future__ import annotations

import math

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from .conv_norm import ConvNorm

SLOPE = 0.1  # of the leaky rectifier
HARMONICS = 4


def waves(values: Tensor) -> Tensor:
    """[S, n] of about [0, 1] -> [S, (1 + 2 HARMONICS) n]: the values, and waves of them"""
    found = [f(math.pi * 2.0**k * values) for k in range(HARMONICS) for f in (torch.sin, torch.cos)]
    return torch.cat([values, *found], 1)


class Level(nn.Module):
    """Two convolutions, scaled and shifted by the code: [S, inputs, h, w] -> [S, outputs, h, w], or half of
    that with `down`"""

    def __init__(self, inputs: int, outputs: int, code: int, down: bool):
        super().__init__()
        self.first = ConvNorm(inputs, outputs, 4 if down else 3, stride=2 if down else 1)
        self.second = ConvNorm(outputs, outputs)
        self.code = nn.Linear(code, 2 * outputs)

    def forward(self, x: Tensor, code: Tensor) -> Tensor:
        scale, shift = self.code(code)[:, :, None, None].chunk(2, dim=1)
        x = F.leaky_relu(self.first(x) * (1 + scale) + shift, SLOPE)
        return F.leaky_relu(x + self.second(x), SLOPE)


class ConditionedUNet(nn.Module):
    """Base of networks with the maps of `head_maps`. `condition`: numbers of the condition; `code`: width of
    the vector made of them. The head is 0 at first."""

    def __init__(self, inputs: int, outputs: int, channels: tuple[int, ...], condition: int, code: int):
        super().__init__()
        widths = (inputs, *channels)
        self.code = nn.Sequential(nn.Linear(condition, code), nn.SiLU(), nn.Linear(code, code), nn.SiLU())
        self.encoder = nn.ModuleList(Level(a, b, code, down=True) for a, b in zip(widths, widths[1:]))
        up = widths[:0:-1]
        self.narrow = nn.ModuleList(nn.Conv2d(a, b, 1) for a, b in zip(up, up[1:]))
        self.decoder = nn.ModuleList(Level(b, b, code, down=False) for b in up[1:])
        self.head = nn.Conv2d(up[-1], outputs, 3, padding=1)
        for parameter in self.head.parameters():
            nn.init.zeros_(parameter)

    def head_maps(self, x: Tensor, condition: Tensor) -> Tensor:
        """[S, inputs, H, W] and [S, condition] -> [S, outputs, H/2, W/2]"""
        code = self.code(condition)
        maps = []
        for level in self.encoder:
            x = level(x, code)
            maps.append(x)
        for narrow, level, skip in zip(self.narrow, self.decoder, maps[-2::-1], strict=True):
            x = level(F.interpolate(narrow(x), scale_factor=2.0, mode="nearest") + skip, code)
        found: Tensor = self.head(x)
        return found
