"""Diffusion of a volume of cells: weights of the loss, the embedding of time, and noise correlated along
z."""

from __future__ import annotations

import math

import torch
from torch import Tensor

from .lowres import SLAB

EMBEDDING = 64
GAMMA = 5.0  # of the min-SNR weighting
MAX_PERIOD = 10000.0


def loss_weight(alpha_bar: Tensor) -> Tensor:
    """-> weight of the squared error of a predicted x_0, same shape: min(SNR, 5) (arXiv 2303.09556)"""
    return (alpha_bar / (1 - alpha_bar)).clamp(max=GAMMA)


def embed_time(t: Tensor) -> Tensor:
    """Timesteps [V] -> float32 [V, 64]: cosines, then sines, of falling frequencies"""
    half = EMBEDDING // 2
    angle = t[:, None].float() * torch.exp(-math.log(MAX_PERIOD) * torch.arange(half, device=t.device) / half)
    return torch.cat([angle.cos(), angle.sin()], 1)


def correlation_along_z(length: float) -> float:
    """Correlation length in mm -> rho = exp(-4 mm / length), the correlation of neighbouring key slices"""
    return math.exp(-SLAB / length)


def correlated_noise(white: Tensor, rho: float) -> Tensor:
    """White standard normal noise [V, K, ...] -> noise of variance 1 with correlation rho^|k - l| of key
    slices k and l"""
    steps = [white[:, 0]]
    for k in range(1, white.shape[1]):
        steps.append(rho * steps[-1] + math.sqrt(1 - rho * rho) * white[:, k])
    return torch.stack(steps, 1)
