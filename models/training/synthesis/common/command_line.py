"""How a command ends that its user called wrongly: with a sentence."""

from __future__ import annotations

import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

PACKAGE = Path(__file__).parents[1]


@contextmanager
def ends_with_a_sentence() -> Iterator[None]:
    """Around or on a `main`: what this package raises on purpose, and a file that is not there, ends the
    process with the error's message alone. Any other error is a fault of the program and keeps its traceback.
    """
    try:
        yield
    except FileNotFoundError as error:
        raise SystemExit(str(error)) from error
    except (ValueError, RuntimeError, ArithmeticError) as error:
        if not on_purpose(error):
            raise
        raise SystemExit(str(error)) from error


def on_purpose(error: Exception) -> bool:
    """-> whether a `raise` of this package raised it, and not a library or an operation that failed"""
    where = traceback.extract_tb(error.__traceback__)[-1]
    return Path(where.filename).is_relative_to(PACKAGE) and (where.line or "").startswith("raise ")
