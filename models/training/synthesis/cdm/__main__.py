"""Command line: python -m synthesis.cdm COMMAND ... ; each has --help"""

from __future__ import annotations

import argparse
import json
import time
from pathlib import Path

import torch

from ..common.training import join, keep_memory
from ..data.folds import FOLDS
from ..data.load import load
from ..data.pack import read_packed
from ..data.patients import Patients
from ..data.prepare import prepare
from .ablation import Truth
from .recipe import Recipe

PREPARED = "prepared"  # folder of a variant, in a folder of prepared patients


def main(arguments: list[str] | None = None) -> None:
    parser = argparse.ArgumentParser(prog="synthesis.cdm", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)

    def command(name: str, what: str) -> argparse.ArgumentParser:
        found = commands.add_parser(name, help=what, description=what)
        found.add_argument(
            "--data",
            type=Path,
            required=True,
            help="archive, folder of NIfTI patients, prepared folder or pack",
        )
        found.add_argument(
            "--run",
            type=Path,
            required=True,
            help="folder of checkpoints, logs and figures; holds patients' data",
        )
        found.add_argument(
            "--device", choices=("cpu", "cuda"), default="cuda" if torch.cuda.is_available() else "cpu"
        )
        found.add_argument(
            "--threads",
            type=int,
            default=1,
            help="of a processor; one for each training beside another is fastest",
        )
        found.add_argument(
            "--recipe", type=Path, help="JSON file of settings that differ from the defaults (recipe.py)"
        )
        return found

    found = command("train", "everything from the data to exportable weights")
    found.add_argument(
        "--stage", nargs="*", help="only these: members, mrm, residuals, diffusion, student, referee"
    )
    found.add_argument(
        "--deadline", type=float, help="seconds for all stages together; else they take the recipe's steps"
    )
    found.add_argument(
        "--start", type=Path, help="folder of weights (NAME.half.pt) that the C-UNets begin with"
    )
    found.add_argument(
        "--fold", type=int, nargs="*", help="only the members of these folds (with --stage members)"
    )
    found = command("ablate", "what each part of the recipe is worth, on one fold")
    found.add_argument("--steps", type=int, default=2000)
    found.add_argument("--only", nargs="*", help="only these rungs of the ladder; without, all")
    found.add_argument("--scored", type=int, default=15, help="patients of the fold that are scored")
    found = command("curve", "quality over the number of patients, same steps")
    found.add_argument("--steps", type=int, default=2000)
    found.add_argument(
        "--only", type=int, nargs="*", help="only these numbers of patients; without, 8, 16, 32, 64 and all"
    )
    found.add_argument("--scored", type=int, default=15)
    found = command("evaluate", "cross-fitted figures of the members")
    found.add_argument("--split", choices=("train", "val"), default="train")
    found.add_argument(
        "--why", help="the reason for a look at the validation patients, which is written down"
    )
    found.add_argument("--bundle", type=Path, help="score this earlier bundle instead of the members")
    found.add_argument(
        "--variant", choices=("stored", "anchored", "prepared"), help="of the sources; the recipe's without"
    )
    found.add_argument("--scored", type=int, help="only so many patients of each fold")
    found.add_argument("--fold", type=int, nargs="*", help="only these folds")
    found.add_argument(
        "--known",
        type=Path,
        help="JSON list of the patients that the bundle was trained on; they are left out",
    )
    found.add_argument(
        "--fast", action="store_true", help="psnr, ssim and the lesions' bias and contrast only"
    )
    found = command("judge", "what a synthetic contrast is worth to the referee")
    found.add_argument("--split", choices=("train", "val"), default="train")
    found.add_argument(
        "--why", help="the reason for a look at the validation patients, which is written down"
    )
    args = parser.parse_args(arguments)
    if not args.data.is_dir():
        raise SystemExit(
            f"{args.data}: no such folder. Name the archive, prepared patients or a pack with --data."
        )
    {"train": train, "ablate": ablate, "curve": curve, "evaluate": evaluate, "judge": judge}[args.command](
        args
    )


def begin(args: argparse.Namespace) -> tuple[Recipe, torch.device]:
    """The recipe, and the device of this process"""
    torch.set_num_threads(args.threads)
    keep_memory()
    own = join()
    device = torch.device("cpu") if args.device == "cpu" or own is None else own
    if device.type == "cuda":
        torch.cuda.set_device(device)
        torch.backends.cudnn.benchmark = True
    return Recipe.read(args.recipe) if args.recipe else Recipe(), device


def patients_of(data: Path, run: Path, variant: str, splits: tuple[str, ...]) -> Patients:
    """Prepared patients or a pack as they are; anything else is prepared first, in the run folder."""
    if not (data / PREPARED).is_dir() and not read_packed(data):
        prepare(data, run / "patients")
        data = run / "patients"
    return load(data, variant, splits)


def train(args: argparse.Namespace) -> None:
    from .stages import STAGES, Training
    from .stages import train as run

    unknown = set(args.stage or ()) - set(STAGES)
    if unknown:
        raise SystemExit(f"There is no stage {', '.join(sorted(unknown))}; there are {', '.join(STAGES)}.")
    if args.fold and args.stage != ["members"]:
        raise SystemExit("--fold goes with --stage members: all other stages need all members.")
    recipe, device = begin(args)
    started = time.monotonic()
    patients = patients_of(args.data, args.run, recipe.variant, ("train", "extra")).to(device)
    training = Training(
        recipe, patients, args.run, args.deadline, started, args.start, tuple(args.fold or ())
    )
    run(training, args.stage or list(STAGES))


def truth_of(args: argparse.Namespace) -> Truth:
    """The patients that an ablation scores, and no others: memory is short beside a training."""
    from .ablation import held_out

    def scored(variant: str) -> Patients:
        patients = patients_of(args.data, args.run, variant, ("train",))
        return patients.only(held_out(patients, args.scored))

    return Truth(scored("stored"), scored("prepared"))


def ablate(args: argparse.Namespace) -> None:
    from .ablation import FOLD, LADDER, ladder_table, measure, rung
    from .train_cunet import learners

    recipe, device = begin(args)
    truth = truth_of(args)
    for name in args.only or LADDER:
        step = rung(recipe, name)
        patients = patients_of(args.data, args.run, step.variant, ("train", "extra")).to(device)
        measure(step, patients, learners(patients, FOLD), truth, args.run, name, args.steps)
    (args.run / "ladder.md").write_text(ladder_table(args.run))
    print(ladder_table(args.run))


def curve(args: argparse.Namespace) -> None:
    from .ablation import COUNTS, FOLD, curve_name, draw_curve, measure, nested
    from .train_cunet import learners

    recipe, device = begin(args)
    truth = truth_of(args)
    patients = patients_of(args.data, args.run, recipe.variant, ("train", "extra")).to(device)
    everybody = len(learners(patients, FOLD))
    counts = [*(count for count in COUNTS if count < everybody), everybody]
    names = {count: curve_name(count, everybody) for count in counts}
    for count in args.only or counts:
        measure(
            recipe,
            patients,
            nested(patients, recipe.seed, count),
            truth,
            args.run,
            names[count],
            args.steps,
        )
    draw_curve(args.run, names)
    print((args.run / "learning-curve.md").read_text())


def evaluate(args: argparse.Namespace) -> None:
    from ..common.evaluate import evaluate as run
    from .ablation import held_out
    from .earlier import earlier_predictor
    from .predict import predictor
    from .stages import Training, members

    recipe, device = begin(args)
    variant = args.variant or recipe.variant
    known = set(json.loads(args.known.read_text())) if args.known else set()

    def scored(variant: str) -> Patients:
        patients = patients_of(args.data, args.run, variant, (args.split,))
        folds = args.fold or sorted({record.fold for record in patients.records})
        chosen = [i for fold in folds for i in held_out(patients, args.scored or len(patients), fold)]
        return patients.only([i for i in chosen if patients.records[i].id not in known])

    patients = scored(variant).to(device)
    if args.bundle:
        predictors = dict.fromkeys(range(FOLDS), earlier_predictor(args.bundle))
    else:
        t = Training(recipe, patients, args.run, only=tuple(args.fold or range(FOLDS)))
        predictors = {fold: predictor(network) for fold, network in members(t).items()}
    run(
        predictors,
        patients,
        scored("stored"),
        args.run,
        split=args.split,
        why=args.why,
        fast=args.fast,
        prepared=None if variant == "prepared" else scored("prepared"),
        deshaded=args.bundle is None and variant != "stored",
    )


def judge(args: argparse.Namespace) -> None:
    from ..referee.judge import judge as run
    from .predict import predictor
    from .stages import Training, members, referee

    recipe, device = begin(args)
    patients = patients_of(
        args.data, args.run, recipe.variant, ("train", "val") if args.split == "val" else ("train",)
    ).to(device)
    t = Training(recipe, patients, args.run)
    run(
        referee(t),
        {fold: predictor(network) for fold, network in members(t).items()},
        patients,
        args.run,
        split=args.split,
        why=args.why,
    )


if __name__ == "__main__":
    main()
