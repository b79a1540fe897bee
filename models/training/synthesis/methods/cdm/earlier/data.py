"""Patients: read from our archive or from a folder of NIfTI files, brought onto the bundle's grid, cached.

A cached patient is a folder of memory-mapped arrays: `image.npy` (uint8 code), `brain.npy`, `lesion.npy`.
"""

from __future__ import annotations

import zlib
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from . import CONTRASTS, NEIGHBOURS
from .archive import read_archive
from .codes import decode, encode
from .config import Grid
from .nifti import read_nifti

LESION_LABELS = {1: "necrosis", 2: "oedema", 3: "enhancing", 4: "ms"}


@dataclass(frozen=True)
class Patient:
    """A patient on the bundle's grid; contrasts are indices."""

    id: str
    image: np.ndarray  # uint8 code [4, Z, H, W]
    brain: np.ndarray  # bool [Z, H, W]
    lesion: np.ndarray | None  # uint8 [Z, H, W] of LESION_LABELS, 0 elsewhere; None if not segmented
    sources: tuple[int, ...]  # contrasts usable as a source
    targets: tuple[int, ...]  # contrasts usable as a target
    slices: np.ndarray  # int [n], the slices that hold brain
    codes: np.ndarray  # int [4, 256], histogram of each contrast's codes inside the brain

    @property
    def depth(self) -> int:
        """Z, the number of slices."""
        return self.image.shape[1]

    def volume(self, contrast: int) -> np.ndarray:
        """-> normalized float32 [Z, H, W]"""
        return decode(self.image[contrast])

    def volumes(self) -> np.ndarray:
        """-> normalized float32 [4, Z, H, W], zero outside the brain and where a contrast is absent"""
        return np.stack([self.volume(c) for c in range(len(CONTRASTS))]) * self.brain


def neighbourhood(volume: np.ndarray, z: int) -> np.ndarray:
    """[..., Z, H, W] -> [..., 3, H, W]: the slice with its neighbours, the first and last slice
    replicated."""
    where = np.clip(np.arange(z - NEIGHBOURS, z + NEIGHBOURS + 1), 0, volume.shape[-3] - 1)
    return volume[..., where, :, :]


def block_average(image: np.ndarray, brain: np.ndarray, factor: int) -> tuple[np.ndarray, np.ndarray]:
    """uint8 code [4, Z, H, W] and bool [Z, H, W] -> the same on a grid `factor` times coarser, averaged
    inside the brain"""
    if factor == 1:
        return image, brain
    depth = brain.shape[0] // factor * factor

    def blocks(a: np.ndarray) -> np.ndarray:
        *lead, z, y, x = a.shape
        return a.reshape(*lead, z // factor, factor, y // factor, factor, x // factor, factor).mean(
            axis=(-5, -3, -1)
        )

    weight = blocks(brain[:depth].astype(np.float32))
    mean = blocks(decode(image[:, :depth]) * brain[:depth]) / np.maximum(weight, 1e-6)
    inside = weight >= 0.5
    return encode(mean, inside), inside


def load(data: Path, part: str, grid: Grid, cache: Path) -> list[Patient]:
    """All patients of `part` ('train', 'val', 'extra') on `grid`, ordered by name.

    `data` is our archive (with meta.json) or a folder of NIfTI patients, whose split follows from the name.
    Each patient is converted once and then cached.
    """
    read = read_archive if (data / "meta.json").exists() else read_nifti
    cache = cache / str(zlib.crc32(str(data.resolve()).encode()))
    patients = []
    for raw in read(data, part):
        folder = cache / raw.id
        if not (folder / "codes.npy").exists():
            folder.mkdir(parents=True, exist_ok=True)
            image, brain, lesion = raw.arrays()
            image, brain = block_average(image, brain, grid.spacing)
            np.save(folder / "image.npy", image)
            np.save(folder / "brain.npy", brain)
            if lesion is not None and grid.spacing == 1:
                np.save(folder / "lesion.npy", lesion)
            np.save(folder / "codes.npy", [np.bincount(channel[brain], minlength=256) for channel in image])
        brain = np.load(folder / "brain.npy", mmap_mode="r")
        lesion = np.load(folder / "lesion.npy", mmap_mode="r") if (folder / "lesion.npy").exists() else None
        slices = np.flatnonzero(brain.sum((1, 2)) > 0.01 * brain[0].size)
        patients.append(
            Patient(
                raw.id,
                np.load(folder / "image.npy", mmap_mode="r"),
                brain,
                lesion,
                raw.sources,
                raw.targets,
                slices,
                np.load(folder / "codes.npy"),
            )
        )
    return patients


def fold_of(patients: list[Patient], folds: int) -> dict[str, int]:
    """-> the cross-validation fold of each patient, assigned in turn by name"""
    return {p.id: i % folds for i, p in enumerate(sorted(patients, key=lambda p: p.id))}


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
    """Values [n, ...] at the ascending slices `keys` [n] -> [m, ...], interpolated linearly at the slices
    `z` [m]"""
    upper = (
        np.clip(np.searchsorted(keys, z), 1, max(len(keys) - 1, 1))
        if len(keys) > 1
        else np.zeros(len(z), int)
    )
    lower = np.maximum(upper - 1, 0)
    span = np.maximum(keys[upper] - keys[lower], 1)
    weight = ((z - keys[lower]) / span).astype(at_keys.dtype).reshape(-1, *[1] * (at_keys.ndim - 1))
    return at_keys[lower] * (1 - weight) + at_keys[upper] * weight
