"""What "Check on this patient" is worth, on patients that a bundle was not trained on.

    python -m synthesis.common.engine_scores --check --run RUN ...
    python -m synthesis.common.check_bundle --bundle ../bundles/B --scores RUN/engine/train-others --write

The check makes each source of a job again from the job's other sources. Its figures on patients at hand give
a new patient's figure a rank; Spearman's correlation tells whether the check foresees the error of the
missing contrast. Both come from what `engine_scores --check` wrote, a file a patient; `--write` puts them
into the bundle's manifest.
"""

from __future__ import annotations

import argparse
import json
import re
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import numpy as np
from scipy.stats import rankdata

from .. import CONTRASTS
from .bundle import write_manifest
from .command_line import exits_with_message

DRAWS = 2000
FEWEST = 10
"""Patients below which a rank or a correlation says nothing."""

HIGHER_IS_BETTER = {"psnr": True, "ssim": True, "mae": False}
DEFINITION = (
    "By the viewer's self-check: inside the brain that the engine finds, each from the sources named. Truth "
    "clipped to its 0.5 and 99.5 percentiles and scaled to [0, 1]; psnr (dB), ssim (3-D, window 7, data "
    "range 1) and mae after the least-squares line of the prediction onto the truth; lesion: mae where the "
    "model finds a lesion. spearman: mean rank of "
    "the mae of the contrasts that are there, each made from the others, against the mae of the missing "
    "one, over patients; interval: 95 %, bootstrap over persons."
)

Row = dict[str, Any]


def in_order(sources: Iterable[str]) -> tuple[str, ...]:
    """-> the sources in the order of `CONTRASTS`"""
    return tuple(sorted(sources, key=CONTRASTS.index))


def spearman(a: np.ndarray, b: np.ndarray) -> float:
    """-> Spearman's correlation; NaN if one of them is constant"""
    x, y = rankdata(a), rankdata(b)
    return float("nan") if np.ptp(x) == 0 or np.ptp(y) == 0 else float(np.corrcoef(x, y)[0, 1])


def foresight(patients: list[Row], target: str, figure: str = "mae") -> Row | None:
    """Patients with their rows and checks -> Spearman's correlation of the check with the true figure of the
    target, its 95 % interval, and the number of patients; None for fewer than FEWEST"""
    others = [c for c in CONTRASTS if c != target]
    sign = -1 if HIGHER_IS_BETTER[figure] else 1

    def error(patient: Row) -> float | None:
        names = "+".join(others)
        found = [r[figure] for r in patient["rows"] if r["target"] == target and r["sources"] == names]
        return sign * found[0] if found else None

    def checked(patient: Row, contrast: str) -> float | None:
        sources = in_order(c for c in others if c != contrast)
        found = [
            c[figure]
            for c in patient["checks"]
            if c["target"] == contrast and in_order(c["sources"]) == sources
        ]
        return sign * found[0] if found else None

    table, persons = [], []
    for patient in patients:
        row = [error(patient), *(checked(patient, c) for c in others)]
        if None not in row:
            table.append(row)
            persons.append(patient["group"])
    if len(table) < FEWEST:
        return None
    found = np.array(table, float)
    groups = [np.flatnonzero(np.array(persons) == g) for g in dict.fromkeys(persons)]

    def correlation(rows: np.ndarray) -> float:
        ranks = np.mean([rankdata(column) for column in rows[:, 1:].T], axis=0)
        return spearman(ranks, rows[:, 0])

    rng = np.random.default_rng(0)
    drawn = [
        correlation(found[np.concatenate([groups[i] for i in rng.integers(len(groups), size=len(groups))])])
        for _ in range(DRAWS)
    ]
    low, high = np.nanpercentile(drawn, (2.5, 97.5))
    return {
        "spearman": round(correlation(found), 3),
        "interval": [round(float(low), 3), round(float(high), 3)],
        "patients": len(found),
    }


def lesion_figures(rows: list[Row]) -> dict[str, list[float]]:
    """-> errors in the lesion, of the patients in whom the model finds one; nothing of fewer than FEWEST"""
    found = sorted(round(row["lesion"], 4) for row in rows if "lesion" in row)
    return {"lesion": found} if len(found) >= FEWEST else {}


def figures_of_bundle(patients: list[Row]) -> dict[str, Any]:
    """Patients with their rows and checks -> the manifest's `check`"""
    sets: dict[tuple[str, tuple[str, ...]], list[Row]] = {}
    for patient in patients:
        for check in patient["checks"]:
            sets.setdefault((check["target"], in_order(check["sources"])), []).append(check)
    return {
        "definition": DEFINITION,
        "figures": [
            {
                "target": target,
                "sources": list(sources),
                **{
                    name: sorted(round(row[name], 2 if name == "psnr" else 4) for row in rows)
                    for name in HIGHER_IS_BETTER
                },
                **lesion_figures(rows),
            }
            for (target, sources), rows in sorted(
                ((key, rows) for key, rows in sets.items() if len(rows) >= FEWEST),
                key=lambda s: (CONTRASTS.index(s[0][0]), -len(s[0][1]), s[0][1]),
            )
        ],
        "foresight": {c: found for c in CONTRASTS if (found := foresight(patients, c))},
    }


def read(scores: Path) -> list[Row]:
    """-> the patients whose scores are in the folder"""
    return [json.loads(file.read_text()) for file in sorted(scores.glob("*.json"))]


@exits_with_message()
def main(arguments: list[str] | None = None) -> None:
    """Print the foresight, and write ranks and foresight into the manifest."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--bundle", type=Path, required=True)
    parser.add_argument("--scores", type=Path, required=True, help="folder that engine_scores --check wrote")
    parser.add_argument("--write", action="store_true", help="into the bundle's manifest")
    args = parser.parse_args(arguments)
    found = figures_of_bundle(read(args.scores))
    print(json.dumps(found["foresight"]))
    if args.write and not found["foresight"]:
        raise ValueError(f"Fewer than {FEWEST} patients are measured; measure more before writing.")
    if args.write:
        write_check(args.bundle, found)


def write_check(bundle: Path, found: dict[str, Any]) -> None:
    """Set the manifest's `check`, as its last field and with each list of numbers in one line."""
    manifest = json.loads((bundle / "bundle.json").read_text())
    manifest.pop("check", None)
    write_manifest(bundle, manifest | {"check": found})
    before, after = (bundle / "bundle.json").read_text().split('"check": {', 1)
    numbers = re.compile(r"\[\s+((?:-?[\d.]+(?:e-?\d+)?,?\s+)+)\]")
    compact = numbers.sub(lambda found: f"[{' '.join(found[1].split())}]", after)
    (bundle / "bundle.json").write_text(f'{before}"check": {{{compact}')


if __name__ == "__main__":
    main()
