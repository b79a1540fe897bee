"""Means with their intervals as a model card writes them."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

from ...common.bootstrap import Interval


def text_of(value: dict[str, Any], digits: int = 3, sign: bool = False) -> str:
    """An interval as JSON -> "20.51 (20.10 to 20.93)"; with `sign` "+0.40 (-0.10 to +0.90)" """
    mean, low, high, error = (
        math.nan if value[key] is None else float(value[key]) for key in ("mean", "low", "high", "error")
    )
    found = Interval(mean, low, high, error, int(value["n"]))
    if sign and found.n:
        return f"{found.mean:+.{digits}f} ({found.low:+.{digits}f} to {found.high:+.{digits}f})"
    return found.text(digits)


def texts_of(row: Mapping[str, Any], digits: Mapping[str, int]) -> list[str]:
    """A row, and how many digits its columns have -> their cells, empty where nothing was measured"""
    return [text_of(row[name], n) if name in row else "" for name, n in digits.items()]
