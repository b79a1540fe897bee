"""Settings of a training as one small JSON file, every value with a default."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, fields
from pathlib import Path
from typing import Any, Self


@dataclass(frozen=True)
class Settings:
    """Base of a method's settings."""

    @classmethod
    def read(cls, file: Path) -> Self:
        """Raises ValueError for an unknown setting."""
        given: dict[str, Any] = json.loads(file.read_text())
        unknown = set(given) - {f.name for f in fields(cls)}
        if unknown:
            raise ValueError(f"{file}: no such setting: {', '.join(sorted(unknown))}")
        return cls(**{k: tuple(v) if isinstance(v, list) else v for k, v in given.items()})

    def write(self, file: Path) -> None:
        """Write all settings as JSON."""
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(json.dumps(asdict(self), indent=1) + "\n")
