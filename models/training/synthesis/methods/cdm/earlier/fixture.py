"""A reference case for the engine's tests: a smooth synthetic phantom, given by a formula, and its synthesis
by the bundle."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np

from . import CEILING, CONTRASTS
from .config import Config
from .pipeline import Bundle
from .spread import TERMS

DEPTH, SEED, SAMPLES = 10, 7, 3
SOURCES, TARGET = ("t1", "t2", "flair"), "t1ce"


def phantom(size: int) -> np.ndarray:
    """-> normalized float32 [4, DEPTH, size, size]: an ellipsoid with a different wavy texture in each
    contrast"""
    z, y, x = np.meshgrid(*(np.linspace(-1, 1, n) for n in (DEPTH, size, size)), indexing="ij")
    radius = np.sqrt((x / 0.75) ** 2 + (y / 0.9) ** 2 + (z / 1.2) ** 2)
    waves = [
        0.5 + 0.25 * np.cos((3 + c) * radius) + 0.15 * np.sin(4 * x + c) * np.cos(3 * y - c + z)
        for c in range(len(CONTRASTS))
    ]
    return np.where(radius < 1, np.clip(waves, 0.02, CEILING), 0).astype(np.float32)


def write_fixture(config: Config, bundle: Path, folder: Path) -> None:
    """Write the phantom, its mean and spread, both also with calibration and weights, and `fixture.json`."""
    folder.mkdir(parents=True, exist_ok=True)
    volumes = phantom(config.grid.size)
    brain = volumes[0] > 0
    job = (volumes, brain, tuple(CONTRASTS.index(s) for s in SOURCES), CONTRASTS.index(TARGET), SEED, SAMPLES)
    pipeline = Bundle(bundle)
    mean, spread = pipeline.synthesize(*job)
    weights = {term: round(0.9 - 0.17 * i, 2) for i, term in enumerate(TERMS)}
    curve = {"from": [0, 0.3, 0.6, CEILING], "to": [0, 0.2, 0.7, CEILING]}
    pipeline.manifest["uncertainty"]["weights"], pipeline.manifest["tone"] = (
        {TARGET: weights},
        {TARGET: curve},
    )
    calibrated, weighted = pipeline.synthesize(*job)
    volumes.astype("<f4").tofile(folder / "input.f32")
    mean.astype("<f4").tofile(folder / "expected.f32")
    spread.astype("<f4").tofile(folder / "spread.f32")
    calibrated.astype("<f4").tofile(folder / "toned.f32")
    weighted.astype("<f4").tofile(folder / "weighted.f32")
    description = {
        "bundle": config.id,
        "contrasts": list(CONTRASTS),
        "input": list(volumes.shape),
        "expected": list(mean.shape),
        "brain": "t1 > 0",
        "sources": list(SOURCES),
        "target": TARGET,
        "seed": SEED,
        "samples": SAMPLES,
        "weights": weights,
        "tone": curve,
    }
    (folder / "fixture.json").write_text(json.dumps(description, indent=2) + "\n")
