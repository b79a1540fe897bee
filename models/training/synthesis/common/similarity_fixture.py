"""Writes the figures that the engine's self-check must agree with, for volumes given by a formula.

python -m synthesis.common.similarity_fixture ../../tests/fixtures/similarity/fixture.json
"""

from __future__ import annotations

import argparse
from pathlib import Path

import numpy as np

from . import metrics
from .files import write_json
from .noise import uniforms

DIMS = (14, 17, 20)  # Z, Y, X
SEED = 7


def volumes(dims: tuple[int, int, int], seed: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """-> prediction, truth and brain [Z, Y, X]: waves with noise in an ellipsoid"""
    z, y, x = (index.astype(float) for index in np.indices(dims))
    noise = uniforms(seed, 2 * int(np.prod(dims))).reshape(2, *dims)
    waves = 0.5 + 0.3 * np.sin(x / 3) * np.cos(y / 4) + 0.2 * np.sin(z / 2)
    truth = 400 * (waves + 0.1 * noise[0])
    prediction = 2 * waves**2 - 1 + 0.3 * noise[1]
    distance = sum(((i - (n - 1) / 2) / (n / 2 - 1)) ** 2 for i, n in zip((z, y, x), dims))
    return prediction.astype(np.float32), truth.astype(np.float32), distance <= 1


def main(arguments: list[str] | None = None) -> None:
    """Write the fixture: figures of the prediction, and of one with inverted contrast."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("file", type=Path)
    file: Path = parser.parse_args(arguments).file
    prediction, truth, brain = volumes(DIMS, SEED)
    found = {
        name: {key: metrics.compare(p, truth, brain)[key] for key in ("psnr", "ssim", "mae")}
        for name, p in (("prediction", prediction), ("inverted", -prediction))
    }
    write_json(file, {"dims": DIMS, "seed": SEED, **found})


if __name__ == "__main__":
    main()
