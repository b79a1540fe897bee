"""Seeded random numbers, the same as in the browser engine: mulberry32 and Box-Muller."""

from __future__ import annotations

import numpy as np


def uniforms(seed: int, count: int) -> np.ndarray:
    """-> float64 [count], numbers in [0, 1), multiples of 2^-32 (mulberry32)"""
    with np.errstate(over="ignore"):
        a = np.uint32(seed & 0xFFFFFFFF) + np.uint32(0x6D2B79F5) * np.arange(1, count + 1, dtype=np.uint32)
        t = (a ^ a >> 15) * (a | 1)
        t = (t + (t ^ t >> 7) * (t | 61)) ^ t
        return (t ^ t >> 14) / 4294967296


def normals(seed: int, count: int) -> np.ndarray:
    """-> float64 [count], standard normal numbers, computed in pairs (Box-Muller)"""
    u1, u2 = uniforms(seed, count + count % 2).reshape(-1, 2).T
    radius = np.sqrt(-2 * np.log(1 - u1))
    return np.stack([radius * np.cos(2 * np.pi * u2), radius * np.sin(2 * np.pi * u2)], 1).reshape(-1)[:count]


def noise_maps(seed: int, samples: int, count: int, channels: int) -> np.ndarray:
    """-> float32 [samples, count, channels], standard normal, filled row by row"""
    return normals(seed, samples * count * channels).reshape(samples, count, channels).astype(np.float32)
