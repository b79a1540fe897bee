"""Atomic writing of files, so that an interrupted run can continue."""

from __future__ import annotations

import json
from pathlib import Path

import torch


def write_json(file: Path, content: object) -> None:
    """Write `content` as indented JSON."""
    write_text(file, json.dumps(content, indent=1))


def write_text(file: Path, content: str) -> None:
    """Write a text file through a `.part` file."""
    partial = file.with_suffix(".part")
    partial.write_text(content)
    partial.replace(file)


def write_torch(file: Path, content: object) -> None:
    """Write for `torch.load`; makes the folder."""
    file.parent.mkdir(parents=True, exist_ok=True)
    partial = file.with_suffix(".part")
    torch.save(content, partial)
    partial.replace(file)
