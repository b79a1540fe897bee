"""Synthesis by the TypeScript engine of the viewer, so that the figures hold for what a radiologist sees."""

from __future__ import annotations

import hashlib
import json
import subprocess
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from . import CONTRASTS

REPOSITORY = Path(__file__).resolve().parents[6]
SEED = 1
KINDS = ("mean", "spread", "deviation", "scale")


@dataclass(frozen=True)
class Stack:
    """What the engine reads: the normalized contrasts and the brain of one patient, as raw files."""

    name: str
    volumes: np.ndarray  # float32 [4, Z, H, W], zero outside the brain
    brain: np.ndarray  # bool [Z, H, W]


@dataclass(frozen=True)
class Job:
    """One synthesis; target and sources are indices of contrasts."""

    stack: Stack
    bundle: Path
    target: int
    sources: tuple[int, ...]
    samples: int
    # conditioning, steps, members, precision, provider, threads
    more: dict[str, Any] = field(default_factory=dict, hash=False)


@dataclass(frozen=True)
class Result:
    """What the engine wrote for one job."""

    mean: np.ndarray  # float32 [Z, H, W], normalized
    spread: np.ndarray  # float32 [Z, H, W], normalized
    deviation: np.ndarray  # float32 [Z, H, W], the samples' own standard deviation, normalized
    scale: np.ndarray  # float32 [Z, H, W], the error that the networks expect, normalized
    report: dict[str, Any]  # what the runner printed: seconds and slices a stage


def synthesize(jobs: Iterable[Job], folder: Path) -> Iterator[tuple[Job, Result]]:
    """Run the jobs in the engine, in their order, and yield each result as soon as it is there.

    `folder` holds the inputs (kept) and the results (deleted once read). Raises RuntimeError if the engine
    fails.
    """
    jobs = list(jobs)
    if not jobs:
        return
    folder.mkdir(parents=True, exist_ok=True)
    described = [describe(job, folder, number) for number, job in enumerate(jobs)]
    file = folder / "jobs.json"
    file.write_text(json.dumps(described))
    command = ["npm", "run", "--silent", "evaluate-jobs", "--", str(file.resolve())]
    with subprocess.Popen(command, cwd=REPOSITORY, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout
        for job, request, line in zip(jobs, described, process.stdout):
            files = [Path(f"{request['output']}.{kind}.f32") for kind in KINDS]
            volumes = [np.fromfile(f, "<f4").reshape(job.stack.brain.shape) for f in files]
            for f in files:
                f.unlink()
            yield job, Result(*volumes, json.loads(line))
        rest = process.stdout.read()
    if process.returncode:
        raise RuntimeError(f"the engine failed on {file}: {rest}")


def describe(job: Job, folder: Path, number: int) -> dict[str, Any]:
    """-> the job as the runner reads it; its input is written unless it is there already"""
    stack = job.stack
    key = hashlib.sha256(stack.name.encode()).hexdigest()[:8]
    image, brain = folder / f"{stack.name}-{key}.f32", folder / f"{stack.name}-{key}.u8"
    if not brain.exists():
        stack.volumes.astype("<f4").tofile(image)
        stack.brain.astype(np.uint8).tofile(brain)
    return {
        "bundle": str(job.bundle.resolve()),
        "precision": "fp32",
        "provider": "cpu",
        "input": {"file": str(image.resolve()), "dims": list(stack.volumes.shape)},
        "brain": str(brain.resolve()),
        "sources": [CONTRASTS[s] for s in job.sources],
        "targets": [CONTRASTS[job.target]],
        "samples": job.samples,
        "seed": SEED,
        **job.more,
        "output": str((folder / f"result-{number}").resolve()),
    }
