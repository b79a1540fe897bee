"""Scores a bundle through the product's own command line, from DICOM files to DICOM files.

    python -m synthesis.common.engine_scores --split val --why ... --bundle B --data ARCHIVE --run RUN
    python -m synthesis.common.engine_scores --split train --bundle-of-fold 0=B0 1=B1 2=B2 --data ... --run R

Every patient of the archive becomes a DICOM study without the contrasts to be made (`dicom_study.py`), which
`npm run synthesize` gets as from a user: registration, region, preparation and networks are those of the
product. The series that it writes are compared with the acquired contrasts as stored, in the archive's brain
mask. A training patient gets the bundle of its own fold. Every patient is a file in
`<run>/engine/<split>-<subsets>`, so that an interrupted run continues.
"""

from __future__ import annotations

import argparse
import hashlib
import itertools
import json
import subprocess
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
from scipy import ndimage as ndi
from tqdm import tqdm

from .. import CONTRASTS
from ..data.archive import Case, read_archive
from ..data.folds import folds_of
from ..data.white_matter import white_matter
from . import lesions, metrics
from .command_line import exits_with_message
from .dicom_study import Patient, check_grid, origin_of, patient_of, read_series, write_study
from .engine_tables import report
from .files import write_json
from .looks import record_look
from .tables import Row, defined

REPOSITORY = Path(__file__).resolve().parents[4]
COMMAND = ("node", "engine/src/node/bin.mjs")
SUBSETS = ("others", "every")
SURFACE = ndi.generate_binary_structure(3, 1)


@dataclass(frozen=True)
class Engine:
    """The command line with the bundles of a patient."""

    bundle: Path
    brain_bundle: Path | None = None

    @property
    def name(self) -> str:
        """Id, version and weights of the bundle; its texts and figures may change."""
        manifest = json.loads((self.bundle / "bundle.json").read_text())
        weights = hashlib.sha256(json.dumps(manifest["files"], sort_keys=True).encode()).hexdigest()
        return f"{manifest['id']} {manifest['version']} {weights[:12]}"

    def run(
        self, study: Path, targets: Sequence[int], out: Path, check: bool = False
    ) -> tuple[dict[str, Any], str | None]:
        """-> what the command printed as JSON, empty if nothing, and why it refused, or None. Raises
        RuntimeError if it ended otherwise."""
        command = [
            *COMMAND,
            *("--study", str(study), "--out", str(out), "--bundle", str(self.bundle.resolve())),
            *("--target", ",".join(CONTRASTS[c] for c in targets), "--json", "--accept-warnings"),
        ]
        if check:
            command.append("--check")
        if self.brain_bundle:
            command += ["--brain-bundle", str(self.brain_bundle.resolve())]
        ended = subprocess.run(command, cwd=REPOSITORY, capture_output=True, text=True)
        if ended.returncode not in (0, 1):
            raise RuntimeError(f"The engine ended with code {ended.returncode}: {ended.stderr[-2000:]}")
        printed = json.loads(ended.stdout) if ended.stdout.strip() else {}
        return printed, (ended.stderr.strip() or "no reason given") if ended.returncode else None


def jobs_of(case: Case, subsets: str) -> list[tuple[tuple[int, ...], list[int]]]:
    """-> (sources, targets) of a patient: each target from all other contrasts, or from every set of them"""
    present = [c for c in range(len(CONTRASTS)) if case.present[c]]
    fewest = 1 if subsets == "every" else max(1, len(present) - 1)
    return [
        (sources, targets)
        for n in range(fewest, len(present))
        for sources in itertools.combinations(present, n)
        if (targets := [c for c in present if c not in sources and case.target[c]])
    ]


def score_patient(
    case: Case, patient: Patient, engine: Engine, subsets: str, check: bool = False
) -> dict[str, Any]:
    """-> {"patient", "group", "bundle", "jobs", "rows", "checks", "copies"}: what the engine said of each
    job, a row for each target and set of sources, with `check` one for each source that was made again, and
    with every set one for each source that is copied"""
    found: dict[str, Any] = {"patient": case.id, "group": case.group, "bundle": engine.name}
    found |= {"jobs": [], "rows": [], "checks": []}
    found["copies"] = copies(case, patient) if subsets == "every" else []
    white = white_of(case, patient)
    with tempfile.TemporaryDirectory() as name:
        for n, (sources, targets) in enumerate(jobs_of(case, subsets)):
            study, out = Path(name, f"study-{n}"), Path(name, f"out-{n}")
            write_study(patient, sources, study)
            printed, refusal = engine.run(study, targets, out, check and len(sources) > 1)
            made: dict[int, np.ndarray] = {}
            for output in printed.get("outputs", []):
                series = read_series([Path(file) for file in output["files"]])
                check_grid(series, patient.grid, f"{case.id}, {output['target']}")
                made[CONTRASTS.index(output["target"])] = series.volume
            names = "+".join(CONTRASTS[c] for c in sources)
            found["checks"] += [check_row(one) for one in printed.get("check", [])]
            found["jobs"].append(job_row(printed, refusal, names, targets, made, patient))
            for target, volume in made.items():
                found["rows"].append(row_of(case, patient, target, names, volume, white))
    return found


def check_row(checked: Mapping[str, Any]) -> Row:
    """What the command line tells of a source that it made again -> target, sources and figures"""
    figures = {name: checked[name]["value"] for name in ("psnr", "ssim", "mae")}
    lesion = {"lesion": checked["lesion"]["mae"]} if "lesion" in checked else {}
    return {"target": checked["role"], "sources": checked["sources"], **figures, **lesion}


def job_row(
    printed: Mapping[str, Any],
    refusal: str | None,
    sources: str,
    targets: Sequence[int],
    made: Mapping[int, np.ndarray],
    patient: Patient,
) -> Row:
    """-> what the preflight said of a job, or why there was none, and how its region overlaps the brain"""
    checks = printed.get("preflight", {}).get("checks", [])
    return {
        "sources": sources,
        "targets": [CONTRASTS[c] for c in targets],
        "refused": refusal,
        "level": printed.get("preflight", {}).get("level"),
        "warnings": [check["text"] for check in checks if check["level"] != "green"],
        "head": next((check["text"] for check in checks if check["id"] == "head"), None),
        "region_dice": region_dice(list(made.values()), patient.brain) if made else None,
        "seconds": sum(printed.get("seconds", {}).values()),
    }


def region_dice(results: Sequence[np.ndarray], brain: np.ndarray) -> float:
    """Results of one job [Z, Y, X], 0 outside the region that the engine found, and the brain -> their Dice.

    Dark tissue may be 0 inside: holes are filled slice by slice. Interpolation onto the grid of the sources
    extends a result by less than a voxel: voxels that touch the brain do not count as wrong.
    """
    support = np.any([volume > 0 for volume in results], axis=0)
    region = np.stack([ndi.binary_fill_holes(image) for image in support])
    region &= brain | ~ndi.binary_dilation(brain, SURFACE)
    return float(2 * (region & brain).sum() / (region.sum() + brain.sum()))


def row_of(
    case: Case, patient: Patient, target: int, sources: str, volume: np.ndarray, white: np.ndarray | None
) -> Row:
    """-> the figures of one result"""
    acquired = patient.volumes[target]
    row: Row = {
        "patient": case.id,
        "group": case.group,
        "target": CONTRASTS[target],
        "sources": sources,
        **metrics.compare(volume, acquired, patient.brain),
    }
    if white is not None:
        figures = lesions.measure(volume, acquired, patient.brain, patient.labels, white)
        row |= {f"lesion_{key}": value for key, value in figures.items()}
    return {key: defined(value) for key, value in row.items()}


def white_of(case: Case, patient: Patient) -> np.ndarray | None:
    """-> healthy white matter, or None where lesions are not measured: not segmented, none, or not at 1 mm"""
    lesion = (patient.labels > 0) & patient.brain
    if not case.segmented or not lesion.any() or patient.grid.spacing[2] != 1:
        return None
    white = white_matter(patient.volumes, patient.brain, lesion)
    return white if white.any() else None


def copies(case: Case, patient: Patient) -> list[Row]:
    """-> a row for each target and each other contrast that is put in its place"""
    return [
        row_of(case, patient, target, CONTRASTS[source], patient.volumes[source], None)
        for target in patient.volumes
        if case.target[target]
        for source in patient.volumes
        if source != target
    ]


def engine_of(case: Case, fold: int | None, bundles: Mapping[int, Path], other: Path | None) -> Path:
    """-> the bundle of the patient's fold, else the other one. Raises ValueError if there is none."""
    bundle = bundles.get(fold, other) if fold is not None else other
    if bundle is None:
        raise ValueError(f"{case.id}: no bundle. Give --bundle, or --bundle-of-fold {fold}=... for its fold.")
    return bundle


def measure(
    data: Path,
    run: Path,
    bundles: Mapping[int, Path],
    other: Path | None,
    *,
    split: str,
    subsets: str = "others",
    why: str | None = None,
    known: Sequence[str] = (),
    patients: int | None = None,
    thick: float | None = None,
    targets: Sequence[str] = CONTRASTS,
    brain_bundle: Path | None = None,
    check: bool = False,
) -> dict[str, Any]:
    """Archive, run folder, bundles by fold and another for patients without a fold -> the summary, also
    written as JSON and Markdown.

    `why`: the reason for a look at the validation patients, which is recorded. `known`: patients that the
    other bundle was trained on. `patients`: at most so many. `thick`: mm of the slices.
    `targets`: only these are made. `check`: each job also makes its sources again from each other.
    """
    everybody = [only_targets(case, targets) for case in read_archive(data)]
    folds = folds_of({c.id: c.group for c in everybody if c.split == "train"})
    chosen = [c for c in everybody if c.split == split and c.id not in known and sum(c.present) > 1]
    chosen = chosen[:patients]
    if not chosen:
        raise ValueError(f"No patient of split {split!r} to score; check --split, --known and --data.")
    if split == "train" and not bundles and not known:
        raise ValueError(
            "Training patients are scored out of fold: give --bundle-of-fold, or with --known the patients "
            "that the bundle was trained on."
        )
    engines = {c.id: Engine(engine_of(c, folds.get(c.id), bundles, other), brain_bundle) for c in chosen}
    for bundle in {engine.bundle for engine in engines.values()}:
        if not (bundle / "bundle.json").is_file():
            raise ValueError(f"{bundle}: no bundle there (bundle.json is missing).")
    if split == "val":
        record_look(f"scores of {next(iter(engines.values())).bundle.name} through the engine", why)
    entries = json.loads((data / "meta.json").read_text())["cases"]
    name = f"{split}-{subsets}" + (f"-{thick:g}mm" if thick else "")
    folder = run / "engine" / name
    folder.mkdir(parents=True, exist_ok=True)
    found = []
    for case in tqdm(chosen, desc=f"engine {name}", mininterval=10):
        file = folder / f"{case.id}.json"
        if not file.exists():
            patient = patient_of(case, origin_of(entries[case.id]), thick)
            write_json(file, score_patient(case, patient, engines[case.id], subsets, check))
        found.append(json.loads(file.read_text()))
        if found[-1]["bundle"] != engines[case.id].name:
            raise ValueError(
                f"{file}: scores of {found[-1]['bundle']}, not of {engines[case.id].name}. Remove {folder}, "
                "or name another --run."
            )
    summary, text = report(found, f"{name}: through the engine")
    write_json(folder.with_suffix(".json"), summary)
    folder.with_suffix(".md").write_text(text)
    return summary


def only_targets(case: Case, targets: Sequence[str]) -> Case:
    """-> the patient with no other targets than these"""
    kept = tuple(own and name in targets for own, name in zip(case.target, CONTRASTS, strict=True))
    return replace(case, target=kept)


def fold_and_bundle(argument: str) -> tuple[int, Path]:
    """ "0=B0" -> fold and bundle"""
    fold, _, bundle = argument.partition("=")
    if not fold.isdigit() or not bundle:
        raise argparse.ArgumentTypeError(f"{argument!r} is not like 0=BUNDLE")
    return int(fold), Path(bundle)


@exits_with_message()
def main(arguments: list[str] | None = None) -> None:
    """Measure what is not measured yet, and print the tables."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--bundle", type=Path, help="for patients without a fold, or without a bundle of it")
    parser.add_argument(
        "--bundle-of-fold", type=fold_and_bundle, nargs="*", default=[], metavar="FOLD=BUNDLE"
    )
    parser.add_argument("--brain-bundle", type=Path, help="finds the brain; default: the one that ships")
    parser.add_argument("--data", type=Path, required=True, help="archive of patients")
    parser.add_argument("--run", type=Path, required=True, help="folder of figures")
    parser.add_argument("--split", choices=("val", "train"), required=True)
    parser.add_argument("--why", help="the reason for a look at the validation patients")
    parser.add_argument("--subsets", choices=SUBSETS, default="others")
    parser.add_argument("--known", type=Path, help="JSON list of patients that --bundle was trained on")
    parser.add_argument("--targets", nargs="*", choices=CONTRASTS, default=CONTRASTS, help="default: all")
    parser.add_argument("--patients", type=int, help="at most so many")
    parser.add_argument("--check", action="store_true", help="make each source of a job again, too")
    parser.add_argument("--thick", type=float, metavar="MM", help="average slices to this spacing first")
    args = parser.parse_args(arguments)
    measure(
        args.data,
        args.run,
        dict(args.bundle_of_fold),
        args.bundle,
        split=args.split,
        subsets=args.subsets,
        why=args.why,
        known=json.loads(args.known.read_text()) if args.known else (),
        patients=args.patients,
        thick=args.thick,
        targets=args.targets,
        brain_bundle=args.brain_bundle,
        check=args.check,
    )
    name = f"{args.split}-{args.subsets}" + (f"-{args.thick:g}mm" if args.thick else "")
    print((args.run / "engine" / f"{name}.md").read_text())


if __name__ == "__main__":
    main()
