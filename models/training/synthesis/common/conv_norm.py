"""Convolution with batch normalization, which becomes one convolution for export."""

from __future__ import annotations

from collections.abc import Callable

import torch
from torch import Tensor, nn

BATCHES = 100  # over which the statistics are measured


class ConvNorm(nn.Module):
    """Convolution and batch normalization: [S, inputs, h, w] -> [S, outputs, h / stride, w / stride]."""

    def __init__(self, inputs: int, outputs: int, kernel: int = 3, stride: int = 1):
        super().__init__()
        self.conv = nn.Conv2d(inputs, outputs, kernel, stride, padding=1, bias=False)
        self.norm: nn.BatchNorm2d | nn.Identity = nn.BatchNorm2d(outputs)
        self.fixed = False  # whether training normalizes as inference does

    def train(self, mode: bool = True) -> ConvNorm:
        """As `nn.Module.train`"""
        super().train(mode)
        if self.fixed:
            self.norm.eval()
        return self

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


def fix_norms(network: nn.Module) -> None:
    """From now on train with the statistics that the network has, as inference does."""
    for module in network.modules():
        if isinstance(module, ConvNorm):
            module.fixed = True


@torch.no_grad()
def measure_norms(network: nn.Module, run: Callable[[int], object]) -> None:
    """Measure the statistics that are not fixed anew, as the mean over `BATCHES` runs of the network on
    training examples; `run` gets the number of the run. The moving averages of the training are those of the
    last few batches, and of other weights than the averaged ones (arXiv 2105.07576, section 3)."""
    norms = [
        module.norm
        for module in network.modules()
        if isinstance(module, ConvNorm) and isinstance(module.norm, nn.BatchNorm2d) and not module.fixed
    ]
    if not norms:
        return
    momentum, training = [norm.momentum for norm in norms], network.training
    for norm in norms:
        norm.reset_running_stats()
        norm.momentum = None  # the mean over all runs
    network.train()
    for n in range(BATCHES):
        run(n)
    network.train(training)
    for norm, before in zip(norms, momentum, strict=True):
        norm.momentum = before
