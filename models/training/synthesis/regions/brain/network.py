"""The network: a small U-Net on slices and their neighbours, of operators that every onnxruntime provider
runs well."""

from __future__ import annotations

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from ...common.conv_norm import ConvNorm


class Conv(ConvNorm):
    """3 x 3 convolution, batch normalization, LeakyReLU."""

    def __init__(self, inputs: int, outputs: int, stride: int = 1):
        super().__init__(inputs, outputs, 3, stride)

    def forward(self, x: Tensor) -> Tensor:
        return F.leaky_relu(super().forward(x), 0.1)


class BrainNet(nn.Module):
    """images [S, planes, H, W] -> logits of brain [S, together, H, W]; H, W multiples of 2 ** len(channels)

    The first level has half the resolution, and skips are added. The last convolution computes the four
    voxels of each at half resolution.
    """

    def __init__(self, planes: int, together: int, channels: tuple[int, ...]):
        super().__init__()
        self.down = nn.ModuleList(
            nn.Sequential(Conv(a, b, 2), Conv(b, b)) for a, b in zip((planes, *channels), channels)
        )
        self.up = nn.ModuleList(Conv(b, a) for a, b in zip(channels, channels[1:]))
        self.merge = nn.ModuleList(Conv(a, a) for a in channels[:-1])
        self.out = nn.Conv2d(channels[0], 4 * together, 3, padding=1)

    def forward(self, images: Tensor) -> Tensor:
        features = []
        x = images
        for down in self.down:
            x = down(x)
            features.append(x)
        for level in reversed(range(len(self.up))):
            x = self.merge[level](self.up[level](enlarge(x)) + features[level])
        return F.pixel_shuffle(self.out(x), 2)


class Probability(nn.Module):
    """images [S, planes, H, W] -> probability of brain [S, together, H, W]"""

    def __init__(self, net: nn.Module):
        super().__init__()
        self.net = net

    def forward(self, images: Tensor) -> Tensor:
        return torch.sigmoid(self.net(images))


def enlarge(x: Tensor) -> Tensor:
    """[S, C, h, w] -> [S, C, 2 h, 2 w], each value repeated"""
    return F.interpolate(x, scale_factor=2.0, mode="nearest")
