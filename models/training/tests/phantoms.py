"""Synthetic patients for tests: ellipsoids with white matter, ventricles and a lesion, in all four
contrasts."""

from __future__ import annotations

import io
import json
import lzma
from pathlib import Path

import numpy as np
import torch

from synthesis import ENHANCING, OEDEMA, SIDE
from synthesis.data.patients import BRAIN, Patients, Record

DEPTH = 48
AFFINE = [[-1, 0, 0, 90], [0, -1, 0, 80], [0, 0, 1, -44], [0, 0, 0, 1]]
"""From (i, j, k) to RAS mm, of a patient in an archive."""
INTENSITIES = ((70, 100, 150, 45), (70, 100, 210, 45), (140, 100, 70, 230), (110, 100, 150, 40))
"""Codes of grey matter, white matter, enhancing lesion and fluid on t1, t1ce, t2, flair."""


def phantom(seed: int) -> tuple[np.ndarray, np.ndarray]:
    """-> codes uint8 [4, 48, 192, 192] and label codes uint8 [48, 192, 192], another patient for every
    seed"""
    rng = np.random.default_rng(seed)
    z, y, x = np.ogrid[-1 : 1 : DEPTH * 1j, -1 : 1 : SIDE * 1j, -1 : 1 : SIDE * 1j]
    brain = x**2 + y**2 * 0.8 + z**2 / 2 < 0.5
    white = x**2 + y**2 + z**2 / 2 < 0.3
    fluid = x**2 * 6 + y**2 + z**2 < 0.04
    radius = (x - rng.uniform(0.25, 0.4)) ** 2 + (y - rng.uniform(-0.3, 0.3)) ** 2 + z**2 / 4
    lesion, core = (radius < 0.03) & brain, (radius < 0.012) & brain
    image = np.stack(
        [
            np.where(core, c, np.where(lesion, (b + c) / 2, np.where(fluid, d, np.where(white, b, a))))
            + rng.normal(0, 4, brain.shape)
            for a, b, c, d in INTENSITIES
        ]
    )
    labels = np.where(brain, BRAIN, 0) + np.where(core, ENHANCING, np.where(lesion, OEDEMA, 0))
    return (image.clip(1, 255) * brain).astype(np.uint8), labels.astype(np.uint8)


def phantoms(count: int) -> Patients:
    """-> training patients in three folds"""
    first = (SIDE - DEPTH) // 2
    images = torch.zeros(count, 4, SIDE, SIDE, SIDE, dtype=torch.uint8)
    labels = torch.zeros(count, SIDE, SIDE, SIDE, dtype=torch.uint8)
    for i in range(count):
        image, label = phantom(i)
        images[i, :, first : first + DEPTH], labels[i, first : first + DEPTH] = (
            torch.from_numpy(image),
            torch.from_numpy(label),
        )
    everything = (True,) * 4
    identity = (1.0, 0.0, 0.0, 0.0, 0.0, 1.0, 0.0, 0.0, 0.0, 0.0, 1.0, 0.0)
    records = tuple(
        Record(
            f"phantom-{i}",
            "train",
            f"person-{i}",
            i % 3,
            first,
            DEPTH,
            1.0,
            everything,
            everything,
            True,
            (identity,) * 4,
            ((0.5, 0.125),) * 4,
        )
        for i in range(count)
    )
    return Patients(records, images, labels)


def write_archive(data: Path, repeats: dict[str, int], split: str = "train") -> None:
    """Phantoms by id, each slice so many times: of 48 slices one is 3 mm of a brain that is high enough."""
    data.mkdir()
    cases = {}
    for seed, (name, times) in enumerate(repeats.items()):
        image, labels = phantom(seed)
        image, labels = (np.repeat(a, times, -3) for a in (image, labels))
        buffer = io.BytesIO()
        brain = np.packbits(labels >= BRAIN, axis=-1)
        np.savez(buffer, img=image, brain=brain, seg=labels & (BRAIN - 1))
        (data / f"{name}.npz.xz").write_bytes(lzma.compress(buffer.getvalue(), preset=0))
        cases[name] = {
            "file": f"{name}.npz.xz",
            "valid": [True] * 4,
            "avoid_as_target": ["t1"] if seed else [],
            "percentiles_0p5_99p5": {c: [10, 110] for c in ("t1", "t1ce", "t2", "flair")},
            "spacing_mm": [1, 1, 1],
            "seg_known": True,
            "affine_ijk_to_RASmm": AFFINE,
        }
    content = {"split": {split: list(cases)}, "groups": {}, "cases": cases}
    (data / "meta.json").write_text(json.dumps(content))
