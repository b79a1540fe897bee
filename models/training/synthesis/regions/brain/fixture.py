"""A reference case for the engine's tests: a head given by a formula, and its brain mask by the bundle."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np

from .config import Config
from .evaluate import onnx_predictor
from .pipeline import extract_brain, probability
from .surface import Surface

SHAPE = (45, 96, 140)
"""Slices, rows, columns: more columns than the network's input, and a last slab that is not full."""

LEVELS = ((600, 40, 900), (420, 20, 500))
EVERY = 5


def head_phantom(shape: tuple[int, int, int], levels: tuple[float, float, float]) -> np.ndarray:
    """-> float32 [Z, H, W], whole numbers: nested ellipsoids of brain (wavy), bone and scalp with intensities
    `levels`"""
    z, y, x = np.meshgrid(*(np.arange(n, dtype=np.float64) - (n - 1) / 2 for n in shape), indexing="ij")

    def radius(margin: float) -> np.ndarray:
        return np.sqrt(
            ((x - 9) / (30 + margin)) ** 2 + ((y + 2) / (36 + margin)) ** 2 + ((z + 6) / (26 + margin)) ** 2
        )

    brain, bone, scalp = levels
    image = np.where(radius(7) <= 1, scalp, 0.0)
    image = np.where(radius(4) <= 1, bone, image)
    image = np.where(radius(0) <= 1, brain * (1 + 0.2 * np.sin(x / 4) * np.cos(y / 5 + z / 6)), image)
    return np.rint(image).astype(np.float32)


def write_fixture(config: Config, bundle: Path, folder: Path) -> None:
    """Write `probability.u8`, that of the first head in 255ths, every fifth slice; `brain.bits`, the packed
    mask of both heads together; and `fixture.json`."""
    folder.mkdir(parents=True, exist_ok=True)
    heads = [head_phantom(SHAPE, levels) for levels in LEVELS]
    predict = onnx_predictor(bundle)
    probabilities = probability(heads[0], predict, config.grid, config.input)
    surface = json.loads((bundle / "bundle.json").read_text()).get("surface")
    brain = extract_brain(heads, predict, config, surface and Surface.read(surface))
    np.rint(255 * probabilities).astype(np.uint8)[::EVERY].tofile(folder / "probability.u8")
    np.packbits(brain).tofile(folder / "brain.bits")
    description = {
        "bundle": config.id,
        "shape": list(SHAPE),
        "every": EVERY,
        "levels": LEVELS,
        "brain_voxels": int(brain.sum()),
    }
    (folder / "fixture.json").write_text(json.dumps(description, indent=1) + "\n")
