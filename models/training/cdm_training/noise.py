"""The seeded normal noise that the browser engine and this package share: mulberry32 and Box-Muller."""
from __future__ import annotations

import math
from typing import Iterator

import numpy as np


def mulberry32(seed: int) -> Iterator[float]:
    """Uniform numbers in [0, 1), multiples of 2^-32."""
    mask = 0xFFFFFFFF
    a = seed & mask
    while True:
        a = (a + 0x6D2B79F5) & mask
        t = (a ^ a >> 15) * (1 | a) & mask
        t = (t + ((t ^ t >> 7) * (61 | t) & mask) & mask) ^ t
        yield (t ^ t >> 14) / 4294967296


def normals(seed: int) -> Iterator[float]:
    """Standard normal numbers, made in pairs."""
    uniform = mulberry32(seed)
    while True:
        u1, u2 = 1 - next(uniform), next(uniform)
        radius = math.sqrt(-2 * math.log(u1))
        yield radius * math.cos(2 * math.pi * u2)
        yield radius * math.sin(2 * math.pi * u2)


def noise_maps(seed: int, samples: int, count: int, channels: int) -> np.ndarray:
    """-> float32 [samples, count, channels], filled row by row"""
    source = normals(seed)
    return np.fromiter(source, np.float64, samples * count * channels).reshape(samples, count, channels).astype(np.float32)
