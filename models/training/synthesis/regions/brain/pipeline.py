"""Brain extraction before and after the network, the same step by step as in the engine."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from scipy import ndimage

from .components import largest_component, largest_filled_component, open_largest_component
from .config import Config, Grid, Input
from .surface import Surface, correct_surface

OPENING_RADIUS = 4
"""Radius of the opening, voxels; the brain is wider than this everywhere that matters."""

HIGH, LOW, MAX_DISTANCE = 0.95, 0.5, 3
"""Hysteresis thresholds, and largest distance of the growth from the high to the low one, voxels. They were
chosen on heads that are not used for scores."""

SHELL, LEAST = (1, 3), 0.1
"""Depth under the surface where a head has scalp and skull, and a stripped brain its cortex, voxels; the
outermost show a part of what they are. Least share of probable brain there in stripped volumes."""

Predict = Callable[[np.ndarray], np.ndarray]
"""images float32 [slab / together, planes, size, size] -> probability of brain [slab / together, together,
size, size]"""


def foreground(volume: np.ndarray, rule: Input) -> np.ndarray:
    """Volume [Z, H, W], any unit -> bool, brighter than the background"""
    positive = volume[volume > 0]
    return volume > rule.foreground * np.percentile(positive, rule.peak_percentile)


def normalize(volume: np.ndarray, rule: Input) -> np.ndarray:
    """Volume [Z, H, W], any unit -> float32 in [0, ceiling]"""
    inside = foreground(volume, rule)
    bright = np.percentile(volume[inside], rule.bright_percentile)
    return np.clip(volume / bright, 0, rule.ceiling).astype(np.float32)


def window(inside: np.ndarray, size: int) -> tuple[int, int]:
    """-> first row and column of the network's input, centred on the centroid of `inside` [Z, H, W]; may be
    outside the volume"""
    _, rows, columns = np.nonzero(inside)
    return int(np.floor(rows.mean() + 0.5)) - size // 2, int(np.floor(columns.mean() + 0.5)) - size // 2


def crop(volume: np.ndarray, start: tuple[int, int], size: int) -> np.ndarray:
    """[Z, H, W] -> [Z, size, size] from row and column `start` on, zeros outside the volume"""
    out = np.zeros((volume.shape[0], size, size), volume.dtype)
    (r0, c0), (height, width) = start, volume.shape[1:]
    rows, columns = slice(max(0, r0), min(height, r0 + size)), slice(max(0, c0), min(width, c0 + size))
    out[:, rows.start - r0 : rows.stop - r0, columns.start - c0 : columns.stop - c0] = volume[
        :, rows, columns
    ]
    return out


def uncrop(cropped: np.ndarray, start: tuple[int, int], shape: tuple[int, int, int]) -> np.ndarray:
    """The inverse of `crop` -> [Z, H, W], zeros outside the crop"""
    return crop(cropped, (-start[0], -start[1]), max(shape[1:]))[:, : shape[1], : shape[2]]


def planes(volume: np.ndarray, firsts: np.ndarray, offsets: tuple[int, ...]) -> np.ndarray:
    """[Z, H, W] -> the network's input [n, offsets, H, W] for the slices from each of `firsts` [n] on; the
    volume's first and last slice are replicated"""
    return volume[np.clip(firsts[:, None] + np.array(offsets), 0, len(volume) - 1)]


def probability(volume: np.ndarray, predict: Predict, grid: Grid, rule: Input) -> np.ndarray:
    """One contrast on the 2 mm grid [Z, H, W], any unit -> probability of brain [Z, H, W]"""
    start = window(foreground(volume, rule), grid.size)
    image = crop(normalize(volume, rule), start, grid.size)
    found = np.zeros_like(image)
    for first in range(0, len(image), grid.slab):
        firsts = np.arange(first, first + grid.slab, grid.together)
        slab = predict(planes(image, firsts, grid.planes)).reshape(grid.slab, grid.size, grid.size)
        found[first : first + grid.slab] = slab[: len(image) - first]
    return uncrop(found, start, volume.shape)


def mask_from_probability(probability: np.ndarray) -> np.ndarray:
    """Probability of brain [Z, H, W] -> bool mask by hysteresis thresholding: the certain voxels, without
    parts on thin bridges, and the probable ones near them; one component without holes"""
    certain, probable = open_largest_component(probability > HIGH, OPENING_RADIUS), probability > LOW
    return largest_filled_component(
        probable & (ndimage.distance_transform_edt(~certain) <= MAX_DISTANCE) if certain.any() else probable
    )


def support(volumes: list[np.ndarray]) -> np.ndarray:
    """-> bool [Z, H, W], where any of the volumes is above 0"""
    return np.asarray((np.stack(volumes) > 0).any(0))


def whole_of(volumes: list[np.ndarray]) -> np.ndarray:
    """-> the largest component of the support [Z, H, W], without holes"""
    return largest_filled_component(support(volumes))


def under_surface(p: np.ndarray, whole: np.ndarray) -> float:
    """Probability and support [Z, H, W] -> share of probable brain, in one component, close under the
    support's surface; 0 where it has no surface"""
    if whole.all():
        return 0.0
    depth = ndimage.distance_transform_edt(whole)
    shell = (depth > SHELL[0]) & (depth <= SHELL[1])
    return float(largest_component(p > LOW)[shell].mean()) if shell.any() else 0.0


def keep_all_if_stripped(brain: np.ndarray, p: np.ndarray, volumes: list[np.ndarray]) -> np.ndarray:
    """Brain as found, probability and volumes [Z, H, W] -> the brain, or the support of skull-stripped
    volumes: there is brain close under its surface, where a head has scalp and skull. Parts that the network
    missed, such as cysts, do not matter then."""
    whole = whole_of(volumes)
    return whole if under_surface(p, whole) > LEAST else brain


def mean_probability(volumes: list[np.ndarray], predict: Predict, config: Config) -> np.ndarray:
    """One or more contrasts on one 2 mm grid [Z, H, W] -> probability of brain [Z, H, W]"""
    return np.mean([probability(v, predict, config.grid, config.input) for v in volumes], axis=0)


def extract_brain(
    volumes: list[np.ndarray], predict: Predict, config: Config, surface: Surface | None = None
) -> np.ndarray:
    """One or more contrasts on one 2 mm grid [Z, H, W] -> brain, bool; `surface` corrects volumes that are
    not skull-stripped"""
    return brain_of(mean_probability(volumes, predict, config), volumes, surface)


def brain_of(probable: np.ndarray, volumes: list[np.ndarray], surface: Surface | None) -> np.ndarray:
    """As `extract_brain`, with the probability [Z, H, W] of the volumes"""
    found = mask_from_probability(probable)
    brain = keep_all_if_stripped(found, probable, volumes)
    return (
        brain
        if brain is not found or surface is None or not brain.any()
        else correct_surface(brain, probable, volumes, surface)
    )


def dice(a: np.ndarray, b: np.ndarray) -> float:
    """-> Dice overlap of two masks; 0 if both are empty"""
    return float(2 * (a & b).sum() / max(1, a.sum() + b.sum()))
