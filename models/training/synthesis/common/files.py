"""Files that are written whole or not at all, so that a run that is cut off goes on from what is there."""

from __future__ import annotations

import json
from pathlib import Path

import torch


def write_json(file: Path, content: object) -> None:
    write_text(file, json.dumps(content, indent=1))


def write_text(file: Path, content: str) -> None:
    partial = file.with_suffix(".part")
    partial.write_text(content)
    partial.replace(file)


def write_torch(file: Path, content: object) -> None:
    """As `torch.load` reads it; makes the folder."""
    file.parent.mkdir(parents=True, exist_ok=True)
    partial = file.with_suffix(".part")
    torch.save(content, partial)
    partial.replace(file)
