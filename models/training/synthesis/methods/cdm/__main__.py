"""Command line: python -m synthesis.methods.cdm COMMAND ... ; each has --help"""

from __future__ import annotations

import argparse
import time
from pathlib import Path

import torch

from ...common import evaluate as scoring
from ...common.command_line import exits_with_message
from ...common.fold_training import training_indices
from ...common.processes import join, keep_memory
from ...common.weights import load_half, weights_file
from ...data.folds import FOLDS
from ...data.load import load
from ...data.pack import read_packed
from ...data.patients import Patients
from ...data.prepare import DESHADED, VARIANTS, prepare
from ...referee.downstream import measure_downstream
from ...referee.network import Referee
from . import ablation, stages
from .card import write_card
from .export import export
from .fixture import write_fixture
from .predict import predictor
from .recipe import Recipe, recipe_of

TRAINING = Path(__file__).parents[3]
ABOUT = TRAINING / "configs/cdm-brain-mr/bundle.json"
TINY = TRAINING / "configs/cdm-tiny/bundle.json"
BUNDLES = TRAINING.parent / "bundles"
FIXTURES = TRAINING.parents[1] / "tests/fixtures"
PREPARED = "prepared"  # a variant's folder, in a folder of prepared patients


@exits_with_message()
def main(arguments: list[str] | None = None) -> None:
    """Run the command that the arguments name."""
    parser = argparse.ArgumentParser(prog="synthesis.methods.cdm", description=__doc__)
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
            help="on a CPU; one for each of several trainings side by side is fastest",
        )
        found.add_argument(
            "--recipe",
            type=Path,
            help="JSON file of settings that differ from the defaults (recipe.py); default: that of the run",
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
        "--fold",
        type=int,
        nargs="*",
        help="only the members of these folds, and what follows from them; not with student or referee",
    )
    found = command("ablate", "what each part of the recipe is worth, on one fold")
    found.add_argument("--steps", type=int, default=2000)
    found.add_argument("--only", nargs="*", help="only these steps; default: all")
    found.add_argument("--scored", type=int, default=15, help="patients of the fold that are scored")
    found = command("curve", "quality over the number of patients, same steps")
    found.add_argument("--steps", type=int, default=2000)
    found.add_argument(
        "--only", type=int, nargs="*", help="only these numbers of patients; default: 8, 16, 32, 64 and all"
    )
    found.add_argument("--scored", type=int, default=15)
    found = command("evaluate", "cross-fitted figures of the members")
    found.add_argument("--split", choices=("train", "val"), default="train")
    found.add_argument(
        "--why", help="the reason for a look at the validation patients, which is written down"
    )
    found.add_argument("--variant", choices=VARIANTS, help="of the sources; default: the recipe's")
    found.add_argument("--scored", type=int, help="only so many patients of each fold")
    found.add_argument("--fold", type=int, nargs="*", help="only these folds")
    found.add_argument(
        "--fast", action="store_true", help="psnr, ssim and the lesions' bias and contrast only"
    )
    found = command("downstream", "what a synthetic contrast is worth to the referee")
    found.add_argument("--split", choices=("train", "val"), default="train")
    found.add_argument("--fold", type=int, nargs="*", help="only these folds")
    found.add_argument(
        "--why", help="the reason for a look at the validation patients, which is written down"
    )
    found = commands.add_parser(
        "export", help="a bundle for the engine from the weights of a run", description=export.__doc__
    )
    found.add_argument("--run", type=Path, required=True, help="folder of weights, NAME.half.pt")
    found.add_argument("--about", type=Path, default=ABOUT, help="JSON file of id, version and texts")
    found.add_argument("--bundles", type=Path, default=BUNDLES, help="folder that the bundle's folder is in")
    found.add_argument("--network", nargs="*", default=[], help="default: the student, else all members")
    found.add_argument(
        "--enhancement",
        action="store_true",
        help="show the T1ce that was trained with enhancing voxels; only if its measured gate is passed",
    )
    found = commands.add_parser(
        "fixture", help="the tiny bundle and the reference case of the engine's tests"
    )
    found.add_argument("--about", type=Path, default=TINY, help="JSON file of id, version and texts")
    found.add_argument("--bundles", type=Path, default=BUNDLES)
    found.add_argument("--fixtures", type=Path, default=FIXTURES)
    found = commands.add_parser(
        "card", help="a bundle's model card and figures", description=write_card.__doc__
    )
    found.add_argument("--bundle", type=Path, required=True, help="folder of the bundle")
    found.add_argument("--run", type=Path, help="folder of figures; default: those that the bundle has")
    found.add_argument(
        "--earlier",
        type=Path,
        help="summary of engine_scores of the bundle before",
    )
    args = parser.parse_args(arguments)
    if args.command == "card":
        write_card(args.bundle, args.run, args.earlier)
        return
    if args.command == "export":
        export(args.run, args.about, args.bundles, args.network, args.enhancement)
        return
    if args.command == "fixture":
        write_fixture(args.about, args.bundles, args.fixtures)
        return
    if not args.data.is_dir():
        raise SystemExit(
            f"{args.data}: no such folder. Name the archive, prepared patients or a pack with --data."
        )
    {"train": train, "ablate": ablate, "curve": curve, "evaluate": evaluate, "downstream": downstream}[
        args.command
    ](args)


def begin(args: argparse.Namespace) -> tuple[Recipe, torch.device]:
    """-> the recipe that is given, else that of the run, and the device of this process"""
    torch.set_num_threads(args.threads)
    keep_memory()
    own = join()
    device = torch.device("cpu") if args.device == "cpu" or own is None else own
    if device.type == "cuda":
        torch.cuda.set_device(device)
        torch.backends.cudnn.benchmark = True
    return Recipe.read(args.recipe) if args.recipe else recipe_of(args.run), device


def patients_of(args: argparse.Namespace, variant: str, *splits: str) -> Patients:
    """-> prepared or packed patients; other data is prepared first, in the run folder"""
    data: Path = args.data
    if not (data / PREPARED).is_dir() and not read_packed(data):
        prepare(data, args.run / "patients")
        data = args.run / "patients"
    return load(data, variant, splits)


def train(args: argparse.Namespace) -> None:
    """Command `train`."""
    unknown = set(args.stage or ()) - set(stages.STAGES)
    if unknown:
        raise SystemExit(
            f"There is no stage {', '.join(sorted(unknown))}; there are {', '.join(stages.STAGES)}."
        )
    whole = {"student", "referee"} & set(args.stage or stages.STAGES)
    if args.fold and whole:
        raise SystemExit(f"--fold does not go with {', '.join(sorted(whole))}: name other stages.")
    recipe, device = begin(args)
    started = time.monotonic()
    patients = patients_of(args, recipe.variant, "train", "extra").to(device)
    training = stages.Training(
        recipe, patients, args.run, args.deadline, started, args.start, tuple(args.fold or ())
    )
    stages.train(training, args.stage or list(stages.STAGES))


def truth_of(args: argparse.Namespace) -> ablation.Truth:
    """-> the patients that an ablation scores, and no others, because a training needs the memory"""

    def scored(variant: str) -> Patients:
        patients = patients_of(args, variant, "train")
        return patients.only(ablation.held_out(patients, args.scored))

    return ablation.Truth(scored("stored"), scored("prepared"))


def ablate(args: argparse.Namespace) -> None:
    """Command `ablate`."""
    unknown = set(args.only or ()) - set(ablation.STEPS)
    if unknown:
        raise SystemExit(
            f"There is no step {', '.join(sorted(unknown))}; there are {', '.join(ablation.STEPS)}."
        )
    recipe, device = begin(args)
    truth = truth_of(args)

    # a function, so that the patients of one step are freed before the next
    def measure_step(name: str) -> None:
        own = ablation.recipe_at(recipe, name)
        patients = patients_of(args, own.variant, "train", "extra").to(device)
        chosen = training_indices(patients, ablation.FOLD)
        ablation.measure(own, patients, chosen, truth, args.run, name, args.steps)

    for name in args.only or ablation.STEPS:
        measure_step(name)
    table = ablation.ablation_table(args.run)
    (args.run / "ablation.md").write_text(table)
    print(table)


def curve(args: argparse.Namespace) -> None:
    """Command `curve`."""
    recipe, device = begin(args)
    truth = truth_of(args)
    patients = patients_of(args, recipe.variant, "train", "extra").to(device)
    total = len(training_indices(patients, ablation.FOLD))
    counts = [*(count for count in ablation.COUNTS if count < total), total]
    unknown = set(args.only or ()) - set(counts)
    if unknown:
        raise SystemExit(f"--only takes numbers of the curve: {', '.join(map(str, counts))}.")
    names = {count: ablation.curve_name(count, total) for count in counts}
    for count in args.only or counts:
        chosen = ablation.nested(patients, recipe.seed, count)
        ablation.measure(recipe, patients, chosen, truth, args.run, names[count], args.steps)
    ablation.draw_curve(args.run, names)
    print((args.run / "learning-curve.md").read_text())


def evaluate(args: argparse.Namespace) -> None:
    """Command `evaluate`."""
    folds = tuple(args.fold or range(FOLDS))
    stages.demand(args.run, map(stages.member_name, folds))
    recipe, device = begin(args)
    variant = args.variant or recipe.variant

    def scored(variant: str) -> Patients:
        patients = patients_of(args, variant, args.split)
        mine = folds if args.split == "train" else (-1,)
        chosen = [i for f in mine for i in ablation.held_out(patients, args.scored or len(patients), f)]
        return patients.only(chosen)

    patients = scored(variant).to(device)
    networks = stages.members(stages.Training(recipe, patients, args.run, only=folds))
    scoring.evaluate(
        {fold: predictor(network) for fold, network in networks.items()},
        patients,
        scored("stored"),
        args.run,
        split=args.split,
        why=args.why,
        fast=args.fast,
        prepared=None if variant == "prepared" else scored("prepared"),
        deshaded=variant in DESHADED,
    )


def downstream(args: argparse.Namespace) -> None:
    """Command `downstream`."""
    folds = tuple(args.fold or range(FOLDS))
    referees = {fold: stages.referee_name(fold) for fold in folds}
    stages.demand(args.run, [*map(stages.member_name, folds), *referees.values()])
    recipe, device = begin(args)
    patients = patients_of(args, recipe.variant, args.split)
    if args.split == "train":
        patients = patients.only(patients.where(lambda r: r.fold in folds))
    patients = patients.to(device)
    networks = stages.members(stages.Training(recipe, patients, args.run, only=folds))
    measure_downstream(
        {f: load_half(Referee(), weights_file(args.run, name)).to(device) for f, name in referees.items()},
        {fold: predictor(network) for fold, network in networks.items()},
        patients,
        args.run,
        split=args.split,
        why=args.why,
    )


if __name__ == "__main__":
    main()
