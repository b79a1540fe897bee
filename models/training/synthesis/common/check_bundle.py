"""Measures what "Check on this patient" is worth, on patients that a bundle was not trained on.

    python -m synthesis.common.check_bundle --bundle ../bundles/B --data ARCHIVE --known known.json --run RUN

The check makes each source of a job again from the job's other sources. Its figures on patients at hand give
a new patient's figure a rank; Spearman's correlation tells whether the check foresees the error of the
missing contrast. Images come from the engine of the viewer (`npm run evaluate-jobs`). Every patient is a file
in `<run>`, so that an interrupted run continues; `--write` puts what is there into the bundle's manifest.
"""

from __future__ import annotations

import argparse
import itertools
import json
import re
import subprocess
import tempfile
import zlib
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from scipy.stats import rankdata

from .. import CONTRASTS
from ..data.archive import Case, read_archive
from ..data.codes import decode
from . import metrics
from .bundle import write_manifest
from .command_line import exits_with_message
from .files import write_json

REPOSITORY = Path(__file__).resolve().parents[4]
SEED = 1
DRAWS = 2000
WINDOWS = 2
"""Slices in which ssim is measured if not in all."""
ALL = tuple(range(len(CONTRASTS)))
FEWEST = 10
"""Patients below which a rank or a correlation says nothing."""

HIGHER_IS_BETTER = {"psnr": True, "ssim": True, "mae": False}
DEFINITION = (
    "Inside the brain, each from the sources named. Truth clipped to its 0.5 and 99.5 percentiles and scaled "
    "to [0, 1]; psnr (dB), ssim (3-D, window 7, data range 1) and mae after the least-squares line of the "
    "prediction onto the truth. spearman: mean rank of the mae of the contrasts that are there, each made "
    "from the others, against the mae of the missing one, over patients; interval: 95 %, bootstrap over "
    "persons."
)

Row = dict[str, Any]


def jobs_of(present: Sequence[int], sizes: Sequence[int]) -> list[tuple[tuple[int, ...], tuple[int, ...]]]:
    """-> (sources, targets) of every set of so many sources: all contrasts that are not in it"""
    return [
        (sources, tuple(c for c in present if c not in sources))
        for size in sizes
        for sources in itertools.combinations(present, size)
        if size < len(present)
    ]


class Sample(NamedTuple):
    """The slices that are synthesized to save time, all others being much like them."""

    even: np.ndarray  # for psnr and mae
    centres: np.ndarray  # for ssim, whose window needs their neighbours too; empty: ssim of all slices

    @property
    def slices(self) -> np.ndarray:
        """All slices that are needed."""
        half = metrics.WINDOW // 2
        return np.unique([*self.even, *(c + d for c in self.centres for d in range(-half, half + 1))])


def sample(brain: np.ndarray, every: int) -> Sample:
    """Brain [Z, Y, X] -> every so manieth of its slices, and WINDOWS slices for ssim"""
    slices = np.flatnonzero(brain.any((1, 2)))
    if every == 1:
        return Sample(slices, slices[:0])
    centres = [slices[int((i + 0.5) * len(slices) / WINDOWS)] for i in range(WINDOWS)]
    return Sample(slices[every // 2 :: every], np.array(centres))


def figures(prediction: np.ndarray, reference: np.ndarray, brain: np.ndarray, at: Sample) -> Row:
    """Prediction, scaled truth and brain [Z, Y, X] -> psnr, ssim and mae of the sampled slices"""
    where = np.zeros_like(brain)
    where[at.even] = brain[at.even]
    synthetic, _ = metrics.fitted(prediction, reference, where)
    half = metrics.WINDOW // 2
    if at.centres.size:
        near, _ = metrics.fitted(
            prediction, reference, brain * np.isin(np.arange(len(brain)), at.slices)[:, None, None]
        )
        windows = [slice(c - half, c + half + 1) for c in at.centres]
        similar = [metrics.ssim_map(near[w], reference[w], brain[w])[half][brain[w][half]] for w in windows]
        ssim = float(np.concatenate(similar).mean())
    else:
        ssim = float(metrics.ssim_map(synthetic, reference, brain)[brain].mean())
    return {
        "psnr": metrics.psnr(synthetic, reference, where),
        "ssim": ssim,
        "mae": float(np.abs(synthetic - reference)[where].mean()),
    }


def synthesized(
    volumes: np.ndarray,
    brain: np.ndarray,
    jobs: list[tuple[tuple[int, ...], tuple[int, ...]]],
    slices: np.ndarray,
    bundle: Path,
    threads: int,
) -> Iterator[tuple[tuple[int, ...], int, np.ndarray]]:
    """Normalized volumes [4, Z, Y, X] and brain -> sources, target and prediction [Z, Y, X] of each job"""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        volumes.astype("<f4").tofile(folder / "in.f32")
        brain.astype(np.uint8).tofile(folder / "in.u8")
        described = [
            {
                "bundle": str(bundle.resolve()),
                "threads": threads,
                "input": {"file": "in.f32", "dims": list(volumes.shape)},
                "brain": "in.u8",
                "sources": [CONTRASTS[c] for c in sources],
                "targets": [CONTRASTS[c] for c in targets],
                "slices": slices.tolist(),
                "uncertainty": False,
                "seed": SEED,
                "output": f"out-{n}",
            }
            for n, (sources, targets) in enumerate(jobs)
        ]
        (folder / "jobs.json").write_text(json.dumps(described))
        command = ["node", "engine/src/node/evaluateBin.mjs", str(folder / "jobs.json")]
        with subprocess.Popen(command, cwd=REPOSITORY, stdout=subprocess.PIPE, text=True) as process:
            assert process.stdout
            for (sources, targets), job, _ in zip(jobs, described, process.stdout):
                file = folder / f"{job['output']}.mean.f32"
                made = np.fromfile(file, "<f4").reshape(len(targets), *brain.shape)
                file.unlink()
                for target, prediction in zip(targets, made):
                    yield sources, target, prediction
        if process.returncode:
            raise RuntimeError(f"The engine failed with code {process.returncode}; see what it printed.")


def measure(case: Case, sizes: Sequence[int], bundle: Path, threads: int, every: int) -> list[Row]:
    """A patient -> a row for every contrast fit to be a target and every set of `sizes` sources"""
    stored = case.arrays()
    volumes = decode(stored.image) * stored.brain
    at = sample(stored.brain, every)
    jobs = jobs_of([c for c in ALL if case.present[c]], sizes)
    references = [metrics.scaled(volume, stored.brain) for volume in volumes]
    return [
        {
            "target": CONTRASTS[target],
            "sources": [CONTRASTS[c] for c in sources],
            **figures(prediction, references[target], stored.brain, at),
        }
        for sources, target, prediction in synthesized(
            volumes, stored.brain, jobs, at.slices, bundle, threads
        )
        if case.target[target]
    ]


def unseen(data: Path, known: Sequence[str]) -> list[Case]:
    """-> training patients with every contrast that the bundle was not trained on, in a scattered but fixed
    order"""
    kept = [c for c in read_archive(data) if c.split == "train" and c.id not in known and all(c.present)]
    return sorted(kept, key=lambda case: zlib.crc32(case.id.encode()))


def spearman(a: np.ndarray, b: np.ndarray) -> float:
    """-> Spearman's correlation; NaN if one of them is constant"""
    x, y = rankdata(a), rankdata(b)
    return float("nan") if np.ptp(x) == 0 or np.ptp(y) == 0 else float(np.corrcoef(x, y)[0, 1])


def foresight(patients: list[Row], target: str, figure: str = "mae") -> Row | None:
    """Patients with their rows -> Spearman's correlation of the check with the true figure of the target, its
    95 % interval, and the number of patients; None for fewer than FEWEST"""
    others = [c for c in CONTRASTS if c != target]
    sign = -1 if HIGHER_IS_BETTER[figure] else 1

    def value(patient: Row, contrast: str, sources: list[str]) -> float | None:
        found = [r[figure] for r in patient["rows"] if r["target"] == contrast and r["sources"] == sources]
        return sign * found[0] if found else None

    table, persons = [], []
    for patient in patients:
        row = [value(patient, target, others)]
        row += [value(patient, c, [s for s in others if s != c]) for c in others]
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


def figures_of_bundle(patients: list[Row], every: int = 1) -> dict[str, Any]:
    """Patients with their rows, measured in every so manieth slice -> the manifest's `check`"""
    sets: dict[tuple[str, tuple[str, ...]], list[Row]] = {}
    for patient in patients:
        for row in patient["rows"]:
            if len(row["sources"]) < len(CONTRASTS) - 1:
                sets.setdefault((row["target"], tuple(row["sources"])), []).append(row)
    return {
        "definition": DEFINITION + (f" Measured in one slice of {every}." if every > 1 else ""),
        "figures": [
            {
                "target": target,
                "sources": list(sources),
                **{
                    name: sorted(round(row[name], 2 if name == "psnr" else 4) for row in rows)
                    for name in HIGHER_IS_BETTER
                },
            }
            for (target, sources), rows in sorted(
                ((key, rows) for key, rows in sets.items() if len(rows) >= FEWEST),
                key=lambda s: (CONTRASTS.index(s[0][0]), -len(s[0][1]), s[0][1]),
            )
        ],
        "foresight": {c: found for c in CONTRASTS if (found := foresight(patients, c))},
    }


def read(run: Path) -> list[Row]:
    """-> the patients measured so far"""
    return [json.loads(file.read_text()) for file in sorted(run.glob("*.json"))]


@exits_with_message()
def main(arguments: list[str] | None = None) -> None:
    """Measure what is not measured yet, and write it into the manifest."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--bundle", type=Path, required=True)
    parser.add_argument("--data", type=Path, help="archive of patients; without it nothing is measured")
    parser.add_argument("--known", type=Path, help="JSON list of patients that the bundle was trained on")
    parser.add_argument("--run", type=Path, required=True, help="folder of figures")
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--patients", type=int, help="at most so many")
    parser.add_argument("--every", type=int, default=1, help="measure in every so manieth slice only")
    parser.add_argument("--write", action="store_true", help="into the bundle's manifest")
    args = parser.parse_args(arguments)
    args.run.mkdir(parents=True, exist_ok=True)
    known = json.loads(args.known.read_text()) if args.known else []
    cases = unseen(args.data, known)[: args.patients] if args.data else []
    # What tells whether the check foresees anything first, then the ranks of jobs with two sources.
    for sizes in ((3, 2), (1,)):
        for case in cases:
            file = args.run / f"{case.id}.json"
            patient: Row = (
                json.loads(file.read_text()) if file.exists() else {"group": case.group, "rows": []}
            )
            if any(len(row["sources"]) in sizes for row in patient["rows"]):
                continue
            patient["rows"] += measure(case, sizes, args.bundle, args.threads, args.every)
            write_json(file, patient)
            print(case.id, sizes, flush=True)
    found = figures_of_bundle(read(args.run), args.every)
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
