"""The image loss of the C-UNet and of the plain U-Net."""

from __future__ import annotations

import torch
import torch.nn.functional as F
from torch import Tensor

WINDOW = 7  # pixels
L1, L2, SSIM = 0.3, 6.0, 0.3  # weights; with a typical error of 0.09 the three parts weigh about the same
SCALE = 0.02  # weight of the expected error, small, so that it does not change the prediction


def ssim_map(a: Tensor, b: Tensor) -> Tensor:
    """[S, 1, H, W] each, data range 1 -> structural similarity at every pixel, uniform window, zeros around
    the image"""
    moments = torch.cat([a, b, a * a, b * b, a * b], 1)
    moments = F.avg_pool2d(moments, (WINDOW, 1), stride=1, padding=(WINDOW // 2, 0))
    moments = F.avg_pool2d(moments, (1, WINDOW), stride=1, padding=(0, WINDOW // 2))
    ma, mb, maa, mbb, mab = moments.split(1, 1)
    c1, c2 = 0.01**2, 0.03**2
    va, vb, vab = maa - ma * ma, mbb - mb * mb, mab - ma * mb
    return (2 * ma * mb + c1) * (2 * vab + c2) / ((ma * ma + mb * mb + c1) * (va + vb + c2))


def image_loss(prediction: Tensor, scale: Tensor, truth: Tensor, weight: Tensor) -> Tensor:
    """L1, L2 and 1 - SSIM, averaged with `weight` (0 outside the brain, at least 1 inside), and the Laplace
    likelihood of `scale`, the expected absolute error; all [S, 1, H, W], normalized"""
    inside = (weight > 0).float()
    prediction, truth = prediction * inside, truth * inside
    total = weight.sum().clamp(min=1)
    error = (prediction - truth).abs()
    similarity = (ssim_map(prediction, truth) * weight).sum() / total
    image = ((L1 * error + L2 * error.square()) * weight).sum() / total + SSIM * (1 - similarity)
    likelihood = ((scale.log() + error.detach() / scale) * weight).sum() / total
    return image + SCALE * likelihood
