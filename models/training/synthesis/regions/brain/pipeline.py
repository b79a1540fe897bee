"""From a volume to its brain mask: what happens before and after the network, step for step what the engine
does."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from scipy import ndimage

from .config import Config, Grid, Input
from .pieces import cut_bridges, whole_piece
from .surface import Surface, correct_surface

NECK = 4
"""Radius of the ball that the brain is wide enough for everywhere that matters, voxels."""
SURE, REACH = 0.95, 3
"""What is brain for sure, and how far from it the merely probable is believed, voxels: chosen on the heads
of teacher.py, which nobody is scored by."""

Predict = Callable[[np.ndarray], np.ndarray]
"""images float32 [slab / together, planes, size, size] -> probability of brain [slab / together, together,
size, size]"""


def foreground(volume: np.ndarray, rule: Input) -> np.ndarray:
    """-> bool, what is brighter than the background"""
    positive = volume[volume > 0]
    return volume > rule.foreground * np.percentile(positive, rule.peak_percentile)


def normalize(volume: np.ndarray, rule: Input) -> np.ndarray:
    """any unit -> float32 in [0, ceiling]"""
    inside = foreground(volume, rule)
    bright = np.percentile(volume[inside], rule.bright_percentile)
    return np.clip(volume / bright, 0, rule.ceiling).astype(np.float32)


def window(inside: np.ndarray, size: int) -> tuple[int, int]:
    """First row and column of the network's square, centred on the centroid of `inside` [Z, H, W]; may lie
    outside the volume."""
    _, rows, columns = np.nonzero(inside)
    return int(np.floor(rows.mean() + 0.5)) - size // 2, int(np.floor(columns.mean() + 0.5)) - size // 2


def cut(volume: np.ndarray, start: tuple[int, int], size: int) -> np.ndarray:
    """[Z, H, W] -> [Z, size, size] from row and column `start` on, zeros beyond the volume"""
    out = np.zeros((volume.shape[0], size, size), volume.dtype)
    (r0, c0), (height, width) = start, volume.shape[1:]
    rows, columns = slice(max(0, r0), min(height, r0 + size)), slice(max(0, c0), min(width, c0 + size))
    out[:, rows.start - r0 : rows.stop - r0, columns.start - c0 : columns.stop - c0] = volume[
        :, rows, columns
    ]
    return out


def paste(cut_out: np.ndarray, start: tuple[int, int], shape: tuple[int, int, int]) -> np.ndarray:
    """The inverse of `cut`, zeros where it saw nothing -> [Z, H, W]"""
    return cut(cut_out, (-start[0], -start[1]), max(shape[1:]))[:, : shape[1], : shape[2]]


def planes(volume: np.ndarray, firsts: np.ndarray, offsets: tuple[int, ...]) -> np.ndarray:
    """[Z, H, W] -> [n, offsets, H, W]: what the network sees of the slices from each of `firsts` on; the
    volume's first and last slice are replicated"""
    return volume[np.clip(firsts[:, None] + np.array(offsets), 0, len(volume) - 1)]


def probability(volume: np.ndarray, predict: Predict, grid: Grid, rule: Input) -> np.ndarray:
    """One contrast on the 2 mm grid [Z, H, W], any unit -> probability of brain [Z, H, W]"""
    start = window(foreground(volume, rule), grid.size)
    image = cut(normalize(volume, rule), start, grid.size)
    found = np.zeros_like(image)
    for first in range(0, len(image), grid.slab):
        firsts = np.arange(first, first + grid.slab, grid.together)
        slab = predict(planes(image, firsts, grid.planes)).reshape(grid.slab, grid.size, grid.size)
        found[first : first + grid.slab] = slab[: len(image) - first]
    return paste(found, start, volume.shape)


def clean(probability: np.ndarray) -> np.ndarray:
    """Probability of brain [Z, H, W] -> bool: what is sure and hangs together, and what is probable near
    it; one piece without holes."""
    sure, probable = cut_bridges(probability > SURE, NECK), probability > 0.5
    return whole_piece(
        probable & (ndimage.distance_transform_edt(~sure) <= REACH) if sure.any() else probable
    )


def support(volumes: list[np.ndarray]) -> np.ndarray:
    """-> bool, where any of the volumes shows something"""
    return np.asarray((np.stack(volumes) > 0).any(0))


def whole_if_stripped(brain: np.ndarray, volumes: list[np.ndarray], share: float) -> np.ndarray:
    """The brain, or all that the volumes show where more than `share` of that is brain: the skull was
    removed before."""
    shown = whole_piece(support(volumes))
    return shown if brain.sum() > share * shown.sum() else brain


def mean_probability(volumes: list[np.ndarray], predict: Predict, config: Config) -> np.ndarray:
    """One or more contrasts on one 2 mm grid [Z, H, W] -> probability of brain [Z, H, W]"""
    return np.mean([probability(v, predict, config.grid, config.input) for v in volumes], axis=0)


def extract_brain(
    volumes: list[np.ndarray], predict: Predict, config: Config, surface: Surface | None = None
) -> np.ndarray:
    """One or more contrasts on one 2 mm grid [Z, H, W] -> bool; `surface` corrects whatever was not
    stripped before"""
    probable = mean_probability(volumes, predict, config)
    found = clean(probable)
    brain = whole_if_stripped(found, volumes, config.stripped_share)
    return (
        brain
        if brain is not found or surface is None or not brain.any()
        else correct_surface(brain, probable, volumes, surface)
    )


def dice(a: np.ndarray, b: np.ndarray) -> float:
    return float(2 * (a & b).sum() / max(1, a.sum() + b.sum()))
