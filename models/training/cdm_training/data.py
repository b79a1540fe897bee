"""Patients: reading the training archive, bringing it onto the bundle's grid, caching it.

The archive holds `meta.json` and `<part>/<patient>.npz.xz` with `img` (uint8 [4, Z, 192, 192]) and `brain` (packed bits),
1 mm isotropic. Intensities are coded as 0 = background, else v = 1 + 199 x with x the normalized intensity in [0, 1.275].
"""
from __future__ import annotations

import io
import json
import lzma
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from . import CEILING, CONTRASTS, NEIGHBOURS
from .config import Config

NOT_A_TARGET = {"BraTS2021_01482": ("t1",)}
"""Contrasts too poor to learn from as a target (a thick sagittal series), though usable as a source."""


@dataclass(frozen=True)
class Patient:
    id: str
    image: np.ndarray                # uint8 code [4, Z, H, W]
    brain: np.ndarray                # bool [Z, H, W]
    sources: tuple[int, ...]         # contrasts (as indices) usable as a source
    targets: tuple[int, ...]         # contrasts usable as a target
    slices: np.ndarray               # int [n], the slices that hold brain

    @property
    def depth(self) -> int:
        return self.image.shape[1]

    def volume(self, contrast: int) -> np.ndarray:
        """-> normalized float32 [Z, H, W]"""
        return decode(self.image[contrast])


def decode(code: np.ndarray) -> np.ndarray:
    """uint8 code -> normalized float32 in [0, CEILING], 0 in the background"""
    return np.clip((code.astype(np.float32) - 1) / 199, 0, CEILING)


def encode(intensity: np.ndarray, inside: np.ndarray) -> np.ndarray:
    """normalized float -> uint8 code, 0 outside"""
    return np.where(inside, np.clip(np.rint(1 + 199 * intensity), 1, 255), 0).astype(np.uint8)


def neighbourhood(volume: np.ndarray, z: int) -> np.ndarray:
    """[..., Z, H, W] -> [..., 3, H, W]: the slice with its neighbours, the first and last slice replicated."""
    where = np.clip(np.arange(z - NEIGHBOURS, z + NEIGHBOURS + 1), 0, volume.shape[-3] - 1)
    return volume[..., where, :, :]


def block_average(image: np.ndarray, brain: np.ndarray, factor: int) -> tuple[np.ndarray, np.ndarray]:
    """uint8 code [4, Z, H, W] and bool [Z, H, W] -> the same on a grid `factor` times coarser, averaged inside the brain."""
    if factor == 1:
        return image, brain
    depth = brain.shape[0] // factor * factor

    def blocks(a: np.ndarray) -> np.ndarray:
        *lead, z, y, x = a.shape
        return a.reshape(*lead, z // factor, factor, y // factor, factor, x // factor, factor).mean(axis=(-5, -3, -1))

    weight = blocks(brain[:depth].astype(np.float32))
    mean = blocks(decode(image[:, :depth]) * brain[:depth]) / np.maximum(weight, 1e-6)
    inside = weight >= 0.5
    return encode(mean, inside), inside


def load(data: Path, part: str, config: Config, cache: Path) -> list[Patient]:
    """All patients of `part` ('train' or 'val') on the grid of `config`; converted once, then mapped from `cache`."""
    meta = json.loads((data / "meta.json").read_text())
    cache.mkdir(parents=True, exist_ok=True)
    patients = []
    for name in sorted(meta["split"][part]):
        image_file, brain_file = cache / f"{name}.image.npy", cache / f"{name}.brain.npy"
        if not brain_file.exists():
            with np.load(io.BytesIO(lzma.open(data / part / f"{name}.npz.xz").read())) as archive:
                image = archive["img"]
                brain = np.unpackbits(archive["brain"], axis=-1, count=image.shape[-1]).astype(bool)
            image, brain = block_average(image, brain, config.grid.spacing)
            np.save(image_file, image)
            np.save(brain_file, brain)
        image, brain = np.load(image_file, mmap_mode="r"), np.load(brain_file)
        sources = tuple(i for i, valid in enumerate(meta["cases"][name]["valid"]) if valid)
        targets = tuple(i for i in sources if CONTRASTS[i] not in NOT_A_TARGET.get(name, ()))
        enough = 0.01 * config.grid.size ** 2
        patients.append(Patient(name, image, brain, sources, targets, np.flatnonzero(brain.sum((1, 2)) > enough)))
    return patients


def others(target: int) -> tuple[int, ...]:
    """-> all contrasts but the target"""
    return tuple(c for c in range(len(CONTRASTS)) if c != target)


def subsets(members: tuple[int, ...]) -> list[tuple[int, ...]]:
    """Every non-empty subset, in the order of its bit pattern."""
    return [tuple(m for i, m in enumerate(members) if bits >> i & 1) for bits in range(1, 2 ** len(members))]


def draw_sources(rng: np.random.Generator, members: tuple[int, ...]) -> tuple[int, ...]:
    """All members half of the time, else any non-empty subset."""
    choices = subsets(members)
    return members if rng.random() < 0.5 else choices[rng.integers(len(choices))]


def availability(sources: tuple[int, ...]) -> np.ndarray:
    """-> float32 [4], 1 for each source"""
    flags = np.zeros(len(CONTRASTS), np.float32)
    flags[list(sources)] = 1
    return flags


def key_slices(depth: int, spacing: float, step_mm: float) -> np.ndarray:
    """-> the slices at which tokens are made: 0, step, 2 step, ... and the last one"""
    step = max(1, round(step_mm / spacing))
    return np.unique(np.append(np.arange(0, depth, step), depth - 1))


def between_keys(at_keys: np.ndarray, keys: np.ndarray, z: np.ndarray) -> np.ndarray:
    """[n, ...] values at the ascending slices `keys` [n] -> [m, ...], interpolated linearly to the slices `z` [m]"""
    upper = np.clip(np.searchsorted(keys, z), 1, max(len(keys) - 1, 1)) if len(keys) > 1 else np.zeros(len(z), int)
    lower = np.maximum(upper - 1, 0)
    span = np.maximum(keys[upper] - keys[lower], 1)
    weight = ((z - keys[lower]) / span).astype(at_keys.dtype).reshape(-1, *[1] * (at_keys.ndim - 1))
    return at_keys[lower] * (1 - weight) + at_keys[upper] * weight
