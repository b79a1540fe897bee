"""Command line: python -m synthesis.methods.ccdm COMMAND ... ; each has --help"""

from __future__ import annotations

import argparse

import torch

from ...common.command_line import (
    CONFIGS,
    add_card,
    add_export,
    add_fixture,
    add_patients,
    add_training,
    exits_with_message,
)
from ...data.folds import FOLDS
from ...data.load import load
from ...data.patients import Patients
from .ablation import ablate
from .card import write_card
from .evaluate import evaluate
from .export import export
from .fixture import write_fixture
from .measure_baseline import measure_baseline
from .recipe import Recipe
from .train import train

VARIANT = "prepared"
ABOUT = CONFIGS / "ccdm-dose-brain-mr/bundle.json"
TINY = CONFIGS / "ccdm-tiny/bundle.json"


@exits_with_message()
def main(arguments: list[str] | None = None) -> None:
    """Run the command that the arguments name."""
    parser = argparse.ArgumentParser(prog="synthesis.methods.ccdm", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)

    def command(name: str, what: str) -> argparse.ArgumentParser:
        found = commands.add_parser(name, help=what, description=what)
        add_patients(found)
        return found

    found = command("baseline", "figures of the best linear scaling of the difference image, out of fold")
    add_scored(found)
    found = command("train", "a network for each fold, and one on all patients")
    add_training(found)
    found = command("evaluate", "figures of each fold's network on the patients that it was not trained on")
    add_scored(found)
    found = command("ablate", "paired trainings that differ in one choice of the paper each")
    found.add_argument("--fold", type=int, default=0, help="without whose patients they train")
    found.add_argument("--steps", type=int, default=1000, help="of each training")
    found.add_argument("--scored", type=int, default=4, help="patients of the fold that are scored")
    found = commands.add_parser("export", help="a bundle for the engine", description=export.__doc__)
    add_export(found, ABOUT)
    add_card(commands)
    found = commands.add_parser(
        "fixture", help="the tiny bundle and the reference case of the engine's tests"
    )
    add_fixture(found, TINY)
    args = parser.parse_args(arguments)
    if args.command == "export":
        export(args.run, args.about, args.bundles, args.fold)
        return
    if args.command == "card":
        write_card(args.bundle, args.run, args.fold)
        return
    if args.command == "fixture":
        write_fixture(args.about, args.bundles, args.fixtures)
        return
    torch.set_num_threads(args.threads)
    {
        "baseline": baseline,
        "train": train_networks,
        "evaluate": evaluate_networks,
        "ablate": ablate_choices,
    }[args.command](args)


def add_scored(parser: argparse.ArgumentParser) -> None:
    """Which patients are scored, and with how much noise."""
    parser.add_argument("--scored", type=int, default=6, help="patients that are scored")
    parser.add_argument("--noise", type=float, nargs="*", default=[1.0], help="factors on the added noise")
    parser.add_argument(
        "--fold", type=int, nargs="*", default=range(FOLDS), help="only patients of these folds"
    )


def patients_of(args: argparse.Namespace) -> Patients:
    """-> the prepared patients that training and evaluation may see"""
    return load(args.data, VARIANT, ("train",))


def train_networks(args: argparse.Namespace) -> None:
    """Command `train`."""
    recipe = Recipe.read(args.recipe) if args.recipe else Recipe()
    train(recipe, patients_of(args), args.run, args.fold or (*range(FOLDS), None), args.deadline)


def evaluate_networks(args: argparse.Namespace) -> None:
    """Command `evaluate`."""
    print(evaluate(patients_of(args), args.run, args.scored, args.fold, args.noise))


def ablate_choices(args: argparse.Namespace) -> None:
    """Command `ablate`."""
    print(ablate(Recipe(steps=args.steps), patients_of(args), args.run, args.fold, args.scored))


def baseline(args: argparse.Namespace) -> None:
    """Command `baseline`."""
    print(measure_baseline(patients_of(args), args.run, args.scored, args.noise, folds=args.fold))


if __name__ == "__main__":
    main()
