"""What the commands of several methods have in common: their arguments, and how they end after an error of
their user."""

from __future__ import annotations

import argparse
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

PACKAGE = Path(__file__).parents[1]
BUNDLES = PACKAGE.parents[1] / "bundles"
FIXTURES = PACKAGE.parents[2] / "tests/fixtures"
CONFIGS = PACKAGE.parent / "configs"


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


def add_patients(parser: argparse.ArgumentParser) -> None:
    """Prepared patients, and the run."""
    parser.add_argument("--data", type=Path, required=True, help="folder that synthesis.data.prepare wrote")
    parser.add_argument("--run", type=Path, required=True, help="folder of checkpoints, logs and figures")
    parser.add_argument("--threads", type=int, default=1)


def add_training(parser: argparse.ArgumentParser) -> None:
    """What `fold_training` trains, and how long."""
    parser.add_argument(
        "--fold", type=int, nargs="*", help="only the networks trained without these folds, not that on all"
    )
    parser.add_argument(
        "--deadline", type=float, help="seconds for all of them together; else they take the recipe's steps"
    )
    parser.add_argument("--recipe", type=Path, help="JSON file of settings that differ from the defaults")


def add_export(parser: argparse.ArgumentParser, about: Path) -> None:
    """Which networks of a run become which bundle."""
    parser.add_argument("--run", type=Path, required=True, help="folder of weights, NAME.half.pt")
    parser.add_argument(
        "--fold", type=int, help="what was trained without this fold; default: what was trained on all"
    )
    add_bundle(parser, about)


def add_card(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """The command `card`, for methods with one network for each fold."""
    found = commands.add_parser(
        "card", help="MODEL_CARD.md, evaluation.json and metrics of a bundle, from what a run has measured"
    )
    found.add_argument("--bundle", type=Path, required=True)
    found.add_argument("--run", type=Path, help="default: from the bundle's evaluation.json")
    found.add_argument("--fold", type=int, help="of the network in the bundle, if it is not that on all")


def add_fixture(parser: argparse.ArgumentParser, about: Path) -> None:
    """Where a tiny bundle and its reference case go."""
    add_bundle(parser, about)
    parser.add_argument("--fixtures", type=Path, default=FIXTURES)


def add_bundle(parser: argparse.ArgumentParser, about: Path) -> None:
    """What a bundle is called, and where it goes."""
    parser.add_argument("--about", type=Path, default=about, help="JSON file of id, version and texts")
    parser.add_argument("--bundles", type=Path, default=BUNDLES, help="folder that the bundle's folder is in")
