"""How a command ends after an error of its user: with a message alone."""

from __future__ import annotations

import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

PACKAGE = Path(__file__).parents[1]


@contextmanager
def exits_with_message() -> Iterator[None]:
    """Decorator or context of a `main`. An error that this package raises, or a missing file, ends the
    process with its message alone. Any other error is a fault of the program and keeps its traceback.
    """
    try:
        yield
    except FileNotFoundError as error:
        raise SystemExit(str(error)) from error
    except (ValueError, RuntimeError, ArithmeticError) as error:
        if not raised_here(error):
            raise
        raise SystemExit(str(error)) from error


def raised_here(error: Exception) -> bool:
    """-> whether a `raise` in this package raised it, not a library or a failed operation"""
    where = traceback.extract_tb(error.__traceback__)[-1]
    return Path(where.filename).is_relative_to(PACKAGE) and (where.line or "").startswith("raise ")
