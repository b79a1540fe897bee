"""Features of the patients' inputs, taken by the engine itself: it alone defines them
(engine/src/distribution)."""

from __future__ import annotations

import json
import random
import subprocess
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from .. import CONTRASTS
from ..data.archive import Case, Stored

REPOSITORY = Path(__file__).resolve().parents[4]
MISALIGNED = {"BRATS2015_tcia_pat222_2": "T2 lies centimetres off the other contrasts, tilted"}
"""Patients that no one would take for typical inputs, and why: left out."""
SLICES = (2, 3, 4, 5, 6)
"""Thickness of simulated slices, mm."""
REGION = 2
"""Voxel size of the region as the engine finds it, mm."""

Features = dict[str, dict[str, float]]
"""By group ("t1", "flair+t1", "region"), then by name."""


@dataclass(frozen=True)
class Inputs:
    """The features of one patient's inputs, as stored or with thick slices."""

    id: str
    group: str  # files of one person have the same
    features: Features
    findings: tuple[str, ...]  # what the preflight says of them, by the bundle as it is


def measured(cases: Iterable[Case], bundle: Path, folder: Path) -> Iterator[Inputs]:
    """Every patient's inputs twice: with slices of 1 mm, and each contrast with slices of 2 to 6 mm as
    clinics have them. Contrasts that are no good target, such as reformatted ones, are left out.

    `folder` takes the volumes for a moment. Raises RuntimeError if the engine fails.
    """
    folder.mkdir(parents=True, exist_ok=True)
    command = ["node", "engine/src/node/describeBin.mjs", str(bundle.resolve())]
    with subprocess.Popen(
        command, cwd=REPOSITORY, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdin and process.stdout
        for case in cases:
            stored = case.arrays()
            chance = random.Random(case.id)
            for thick in (False, True):
                thickness = [chance.choice(SLICES) if thick else 1 for _ in CONTRASTS]
                request = described(case, stored, thickness, chance, folder.resolve())
                process.stdin.write(json.dumps(request) + "\n")
                process.stdin.flush()
                line = process.stdout.readline()
                if not line:
                    raise RuntimeError(f"the engine failed on {request['id']}")
                answer = json.loads(line)
                yield Inputs(request["id"], case.group, answer["features"], tuple(answer["findings"]))
        process.stdin.close()


def described(
    case: Case, stored: Stored, thickness: list[int], chance: random.Random, folder: Path
) -> dict[str, Any]:
    """-> the inputs as engine/src/node/describeInputs.ts reads them; their volumes are written"""
    sources = {
        name: volume(folder / name, averaged(image, mm), (1, 1, mm))
        for name, image, mm, fit in zip(CONTRASTS, stored.image, thickness, case.target)
        if fit
    }
    side = (REGION, REGION, REGION)
    return {
        "id": f"{case.id} {'thick' if max(thickness) > 1 else 'thin'}",
        "sources": sources,
        "reference": chance.choice(sorted(sources)),
        "region": volume(folder / "region", coarse(stored.brain), side),
    }


def volume(file: Path, voxels: np.ndarray, spacing: tuple[int, int, int]) -> dict[str, Any]:
    """uint8 [Z, Y, X], voxel size along x, y, z in mm, its first millimetre at 0 -> its description; the
    voxels are written"""
    np.ascontiguousarray(voxels, np.uint8).tofile(file)
    return {
        "file": str(file),
        "dims": list(voxels.shape[::-1]),
        "spacing": list(spacing),
        "origin": [(mm - 1) / 2 for mm in spacing],
    }


def averaged(image: np.ndarray, mm: int) -> np.ndarray:
    """uint8 [Z, Y, X], slices of 1 mm -> of `mm` mm; what is left at the head is dropped"""
    depth = len(image) // mm
    slabs = image[: depth * mm].reshape(depth, mm, *image.shape[1:])
    return np.rint(slabs.mean(1, dtype=np.float32)).astype(np.uint8)


def coarse(brain: np.ndarray) -> np.ndarray:
    """bool [Z, Y, X], voxels of 1 mm -> uint8, voxels of REGION mm of which more than half is brain"""
    padded = np.pad(brain, [(0, -n % REGION) for n in brain.shape])
    z, y, x = (n // REGION for n in padded.shape)
    return (padded.reshape(z, REGION, y, REGION, x, REGION).mean((1, 3, 5)) > 0.5).astype(np.uint8)
