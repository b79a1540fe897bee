"""Convolution with batch normalization, which becomes one convolution for export."""

from __future__ import annotations

import torch
from torch import Tensor, nn


class ConvNorm(nn.Module):
    """Convolution and batch normalization: [S, inputs, h, w] -> [S, outputs, h / stride, w / stride]."""

    def __init__(self, inputs: int, outputs: int, kernel: int = 3, stride: int = 1):
        super().__init__()
        self.conv = nn.Conv2d(inputs, outputs, kernel, stride, padding=1, bias=False)
        self.norm: nn.BatchNorm2d | nn.Identity = nn.BatchNorm2d(outputs)

    def forward(self, x: Tensor) -> Tensor:
        y: Tensor = self.norm(self.conv(x))
        return y

    def fuse(self) -> None:
        """Fold the normalization into the convolution, for export."""
        if isinstance(self.norm, nn.BatchNorm2d):
            self.conv = torch.nn.utils.fusion.fuse_conv_bn_eval(self.conv, self.norm)
            self.norm = nn.Identity()


def fuse(network: nn.Module) -> None:
    """Fold every batch normalization into its convolution, for export and fast inference."""
    for module in network.modules():
        if isinstance(module, ConvNorm):
            module.fuse()
