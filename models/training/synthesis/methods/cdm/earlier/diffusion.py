"""The diffusion schedule, its timestep embedding and the DDIM sampler (eta 0), for NumPy arrays and PyTorch
tensors."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import TypeVar

import numpy as np

Array = TypeVar("Array")

MAX_PERIOD = 10000


def alpha_bar(steps: int) -> np.ndarray:
    """-> float64 [steps], the cosine schedule of Nichol and Dhariwal: the share of signal variance left at
    each step"""
    t = np.arange(steps + 1) / steps
    f = np.cos((t + 0.008) / 1.008 * np.pi / 2) ** 2
    return np.cumprod(np.clip(f[1:] / f[:-1], 0.001, 1))


def ddim_timesteps(steps: int, count: int) -> list[int]:
    """-> `count` evenly spaced steps, descending from the last one"""
    return [steps - 1 - i * steps // count for i in range(count)]


def embed_time(t: np.ndarray, size: int) -> np.ndarray:
    """steps [S] -> float32 [S, size]: cosines, then sines, of falling frequencies"""
    half = size // 2
    angle = np.asarray(t, np.float64)[:, None] * np.exp(-math.log(MAX_PERIOD) * np.arange(half) / half)
    return np.concatenate([np.cos(angle), np.sin(angle)], -1).astype(np.float32)


def ddim(
    denoise: Callable[[Array, int], Array],
    noise: Array,
    timesteps: Sequence[int],
    alpha_bars: Sequence[float],
) -> Array:
    """Noise of any shape -> a sample of that shape; `denoise(x_t, t)` predicts x_0."""
    x = noise
    for i, (t, a) in enumerate(zip(timesteps, alpha_bars)):
        clean = denoise(x, t)
        if i + 1 == len(timesteps):
            return clean
        epsilon = (x - math.sqrt(a) * clean) / math.sqrt(1 - a)
        following = alpha_bars[i + 1]
        x = math.sqrt(following) * clean + math.sqrt(1 - following) * epsilon
    raise ValueError("no timesteps")
