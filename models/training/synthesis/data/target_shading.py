"""The shading of a contrast that was not acquired: T1 and T1ce share most of theirs, T2 and FLAIR too.

The logarithm of the target's shading is taken as a share of its partner's. A sum over all sources was fitted
as well: no third contrast tells anything.

    python -m synthesis.data.target_shading --data WORK

prints the shares that fit the training patients, and how much shading remains out of fold.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterable, Sequence
from functools import cache
from pathlib import Path

import numpy as np

from .. import CONTRASTS, FLAIR, T1, T1CE, T2
from ..common.command_line import exits_with_message
from ..common.markdown import table
from .folds import FOLDS
from .load import to_record
from .patients import Record
from .shading import Shading, monomials, to_triple

LIKE = {T1: (T1CE, 0.74), T1CE: (T1, 0.87), T2: (FLAIR, 0.81), FLAIR: (T2, 0.68)}
"""By target its partner, and the share of the partner's shading: what the command prints."""
SEMI_AXES = (65, 85, 68)  # mm, of the ellipsoid that stands for a brain, z, y, x
STEP = 8  # mm between the places in it


def target_shading(shading: Sequence[Sequence[float]], target: int, sources: Sequence[int]) -> Shading | None:
    """`Record.shading` -> the shading that the target most likely has; None where its partner is no source"""
    partner, share = LIKE[target]
    if partner not in sources:
        return None
    centre, coefficients = shading[partner][:3], shading[partner][3:]
    return Shading(to_triple(centre), tuple(share * c for c in coefficients))


@cache
def places() -> np.ndarray:
    """-> monomials of `Shading` on a grid in the ellipsoid, [N, 10]"""
    axes = [np.arange(-half, half + 1, STEP, dtype=float) for half in SEMI_AXES]
    grid = np.stack(np.meshgrid(*axes, indexing="ij"), -1).reshape(-1, 3)
    return monomials(grid[((grid / SEMI_AXES) ** 2).sum(1) <= 1], np.zeros(3), 1.0)


def logarithms(records: Iterable[Record]) -> np.ndarray:
    """-> logarithm of the shading at `places`, float [P, 4, N], of the patients that have all contrasts"""
    coefficients = [[row[3:] for row in r.shading] for r in records if r.shading and all(r.shading)]
    return np.asarray(np.array(coefficients).reshape(-1, len(CONTRASTS), 10) @ places().T)


def share(values: np.ndarray, target: int) -> float:
    """Logarithms [P, 4, N] -> the share of its partner's that fits the target's best, by least squares"""
    partner, _ = LIKE[target]
    return float((values[:, partner] * values[:, target]).sum() / (values[:, partner] ** 2).sum())


def measure(records: Sequence[Record]) -> list[list[str | float]]:
    """Training patients -> rows: target, partner, share, least and greatest share of a fold, root mean square
    of the logarithm of the target's shading, and of what remains of it out of fold

    Raises ValueError for a fold without a patient that has all contrasts.
    """
    by_fold = [logarithms(r for r in records if r.fold == fold) for fold in range(FOLDS)]
    if any(len(values) == 0 for values in by_fold):
        raise ValueError("Every fold needs a patient with all contrasts: prepare more training patients.")
    everyone = np.concatenate(by_fold)
    rows: list[list[str | float]] = []
    for target, (partner, _) in LIKE.items():
        others = [np.concatenate(by_fold[:fold] + by_fold[fold + 1 :]) for fold in range(FOLDS)]
        shares = [share(values, target) for values in others]
        left = np.concatenate(
            [
                values[:, target] - found * values[:, partner]
                for values, found in zip(by_fold, shares, strict=True)
            ]
        )
        spreads = [float(np.sqrt((values**2).mean())) for values in (everyone[:, target], left)]
        names = [CONTRASTS[target], CONTRASTS[partner]]
        rows.append([*names, share(everyone, target), min(shares), max(shares), *spreads])
    return rows


@exits_with_message()
def main() -> None:
    """Command line."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--data", type=Path, required=True)
    entries = [json.loads(path.read_text()) for path in sorted(parser.parse_args().data.glob("*.json"))]
    train = [entry for entry in entries if entry["split"] == "train"]
    header = ["target", "partner", "share", "least", "greatest", "log shading", "remains"]
    print("\n".join(table(header, measure([to_record(entry) for entry in train]))))


if __name__ == "__main__":
    main()
