"""The settings of a training: one small file, every value with a default."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, fields
from pathlib import Path
from typing import Any, Literal

Vicinity = Literal["none", "hard", "soft"]
Noise = Literal["dose", "same"]


@dataclass(frozen=True)
class Recipe:
    """All settings of a training."""

    vicinity: Vicinity = "hard"  # how far the dose that the network is told is from that of the image
    reach: float = 0.1  # of the vicinity, in logarithms of the dose
    noise: Noise = "dose"  # whether the diffusion's noise follows what a dose leaves open
    means: float = 0.7  # share of the examples that learn the mean, without diffusion
    channels: tuple[int, ...] = (32, 48, 64, 96)  # from half the resolution down to 1/16
    code: int = 64  # width of the vector that scales and shifts all levels
    crop: int = 96  # pixels
    batch: int = 8
    learning_rate: float = 2e-3
    steps: int = 20_000  # of each training, without a deadline
    seed: int = 20261127

    @staticmethod
    def read(file: Path) -> Recipe:
        """Raises ValueError for an unknown setting."""
        given: dict[str, Any] = json.loads(file.read_text())
        unknown = set(given) - {f.name for f in fields(Recipe)}
        if unknown:
            raise ValueError(f"{file}: no such setting: {', '.join(sorted(unknown))}")
        settings: dict[str, Any] = {k: tuple(v) if isinstance(v, list) else v for k, v in given.items()}
        return Recipe(**settings)

    def write(self, file: Path) -> None:
        """Write all settings as JSON."""
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(json.dumps(asdict(self), indent=1) + "\n")
