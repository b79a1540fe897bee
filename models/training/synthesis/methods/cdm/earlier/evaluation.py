"""What every part of an evaluation shares: the bundle, its patients, and the jobs on them."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np

from . import CONTRASTS
from .config import Config
from .data import Patient, load, others
from .engine import Job, Stack

Figures = dict[str, Any]


@dataclass(frozen=True)
class Evaluation:
    """One evaluation; patients are read when they are first needed."""

    config: Config
    data: Path
    run: Path
    bundle: Path
    threads: int
    stacks: dict[str, Stack] = field(default_factory=dict)

    @property
    def folder(self) -> Path:
        """Of the figures."""
        return self.run / "evaluation"

    @property
    def work(self) -> Path:
        """Of the engine's inputs and results."""
        return self.folder / "engine"

    @property
    def samples(self) -> int:
        """That the bundle averages."""
        return json.loads((self.bundle / "bundle.json").read_text())["samples"]

    @cached_property
    def validation(self) -> list[Patient]:
        """All validation patients."""
        return load(self.data, "val", self.config.grid, self.run / "cache")

    @cached_property
    def training(self) -> list[Patient]:
        """All training patients."""
        return load(self.data, "train", self.config.grid, self.run / "cache")

    def stack(self, patient: Patient) -> Stack:
        """-> the patient as the engine reads it"""
        if patient.id not in self.stacks:
            self.stacks[patient.id] = Stack(patient.id, patient.volumes(), np.asarray(patient.brain))
        return self.stacks[patient.id]

    def job(
        self,
        patient: Patient,
        target: int,
        sources: tuple[int, ...] | None = None,
        samples: int | None = None,
        bundle: Path | None = None,
        stack: Stack | None = None,
        **more: Any,
    ) -> Job:
        """-> a job; by default of the evaluated bundle, from all other contrasts, with its own samples"""
        sources = tuple(s for s in (others(target) if sources is None else sources) if s in patient.sources)
        return Job(
            stack or self.stack(patient),
            bundle or self.bundle,
            target,
            sources,
            samples or self.samples,
            {**({"threads": self.threads} if self.threads else {}), **more},
        )

    def measured(self, patient: Patient, target: int) -> Figures:
        """-> psnr (dB) and ssim of the main table, which is measured first"""
        return short(json.loads((self.folder / "targets.json").read_text())[CONTRASTS[target]][patient.id])

    def cases(self) -> list[tuple[Patient, int]]:
        """-> every validation patient with every contrast that may be a target"""
        return [(p, t) for t in range(len(CONTRASTS)) for p in self.validation if t in p.targets]


def mean_of(scores: list[Figures]) -> Figures:
    """-> the mean of each figure"""
    return {key: round(float(np.mean([s[key] for s in scores])), 4) for key in scores[0]}


def short(scores: Figures) -> Figures:
    """-> psnr and ssim alone"""
    return {key: scores[key] for key in ("psnr", "ssim")}
