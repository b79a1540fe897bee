"""Markdown of the model cards."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any


def table(header: Iterable[str], rows: Iterable[Iterable[Any]]) -> list[str]:
    """-> the lines of a table and an empty one; floats with three decimals"""

    def line(cells: Iterable[Any]) -> str:
        return "| " + " | ".join(f"{c:.3f}" if isinstance(c, float) else str(c) for c in cells) + " |"

    header = list(header)
    return [line(header), line("---" for _ in header), *(line(row) for row in rows), ""]
