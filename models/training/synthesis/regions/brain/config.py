"""The settings of the bundle, read from one JSON file."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any


@dataclass(frozen=True)
class Grid:
    """The input of the network."""

    size: int  # rows and columns
    slab: int  # slices a network run takes, a multiple of `together`
    together: int  # neighbouring slices that are segmented at once
    planes: tuple[int, ...]  # the slices of the input, as offsets from the first of them


@dataclass(frozen=True)
class Input:
    """How a volume is scaled: the foreground exceeds the share `foreground` of the peak, and its
    `bright_percentile` becomes 1."""

    peak_percentile: float  # of the positive values
    foreground: float
    bright_percentile: float
    ceiling: float  # values are clipped to [0, ceiling]


@dataclass(frozen=True)
class SurfaceRule:
    """How the correction of the surface is fitted (see surface.py)."""

    reach: int  # voxels
    knots: tuple[float, ...]  # intensities, ascending, 1 is the median in the brain
    voxels_a_head: int
    ridge: float


@dataclass(frozen=True)
class Training:
    """Size and training of the network."""

    channels: tuple[int, ...]  # from half resolution down
    steps: int
    batch: int  # slices
    pool: int  # generated volumes that the slices of a step are drawn from
    steps_a_volume: int  # a new one is generated after so many steps
    learning_rate: float


@dataclass(frozen=True)
class Config:
    """All settings of the bundle."""

    id: str
    version: str
    name: str
    seed: int
    roles: list[str]
    grid: Grid
    input: Input
    stripped_share: (
        float  # share of brain in the support of one source above which the engine calls it stripped
    )
    training: Training
    surface: SurfaceRule | None  # None: no correction
    # the texts of the manifest: changelog, intended_use, not_for and the others of `words`
    about: dict[str, Any]

    def words(self) -> dict[str, Any]:
        """-> the texts of the manifest"""
        return {
            key: self.about[key]
            for key in ("changelog", "intended_use", "not_for", "limitations", "data_sources", "license")
        }

    @staticmethod
    def read(file: Path) -> Config:
        """Read the JSON file."""
        settings = json.loads(file.read_text())
        grid, training, surface = (
            settings.pop("grid"),
            settings.pop("training"),
            settings.pop("surface", None),
        )
        return Config(
            grid=Grid(planes=tuple(grid.pop("planes")), **grid),
            input=Input(**settings.pop("input")),
            training=Training(channels=tuple(training.pop("channels")), **training),
            surface=surface and SurfaceRule(knots=tuple(surface.pop("knots")), **surface),
            **settings,
        )
