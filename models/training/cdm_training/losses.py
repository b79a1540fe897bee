"""The image loss of the C-UNet."""
from __future__ import annotations

import torch
import torch.nn.functional as F
from torch import Tensor

WINDOW = 7  # pixels


def ssim_map(a: Tensor, b: Tensor) -> Tensor:
    """[S, 1, H, W] each, data range 1 -> structural similarity at every pixel, uniform window, zeros around the image"""
    moments = torch.cat([a, b, a * a, b * b, a * b], 1)
    moments = F.avg_pool2d(moments, (WINDOW, 1), stride=1, padding=(WINDOW // 2, 0))
    moments = F.avg_pool2d(moments, (1, WINDOW), stride=1, padding=(0, WINDOW // 2))
    ma, mb, maa, mbb, mab = moments.split(1, 1)
    c1, c2 = 0.01 ** 2, 0.03 ** 2
    va, vb, vab = maa - ma * ma, mbb - mb * mb, mab - ma * mb
    return (2 * ma * mb + c1) * (2 * vab + c2) / ((ma * ma + mb * mb + c1) * (va + vb + c2))


def image_loss(prediction: Tensor, truth: Tensor, brain: Tensor) -> Tensor:
    """L1 + 0.5 (1 - SSIM), both averaged over the brain; all [S, 1, H, W], `brain` of 0 and 1"""
    prediction, truth = prediction * brain, truth * brain
    voxels = brain.sum().clamp(min=1)
    l1 = (prediction - truth).abs().sum() / voxels
    similarity = (ssim_map(prediction, truth) * brain).sum() / voxels
    return l1 + 0.5 * (1 - similarity)
