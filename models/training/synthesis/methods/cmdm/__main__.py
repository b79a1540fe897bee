"""Command line: python -m synthesis.methods.cmdm COMMAND ... ; each has --help"""

from __future__ import annotations

import argparse
from itertools import product
from pathlib import Path

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
from .card import write_card
from .evaluate import compare, evaluate
from .export import export
from .fixture import write_fixture
from .predict import Sampling
from .prior import kept_recipe, prior_variant
from .recipe import Recipe
from .train import train

ABOUT = CONFIGS / "cmdm-brain-mr/bundle.json"
TINY = CONFIGS / "cmdm-tiny/bundle.json"

TABLE = {"paths": [1, 2, 4], "steps": [2, 4], "shortcut": [300, 500, 700, 900], "cascades": [1, 2]}
"""The ways to refine that `table` compares: each with each."""


@exits_with_message()
def main(arguments: list[str] | None = None) -> None:
    """Run the command that the arguments name."""
    parser = argparse.ArgumentParser(prog="synthesis.methods.cmdm", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)

    def command(name: str, what: str) -> argparse.ArgumentParser:
        found = commands.add_parser(name, help=what, description=what)
        add_patients(found)
        return found

    found = command("train", "a network for each fold, and one on all patients")
    found.add_argument(
        "--prior", type=Path, required=True, help="run of synthesis.methods.cdm with the C-UNets"
    )
    add_training(found)
    found = command("evaluate", "figures of each fold's network beside its prior, out of fold")
    add_scored(found, patients=12, slices=None)
    add_sampling(found)
    found = command("table", "what paths, steps, shortcut and cascades are worth, out of fold")
    add_scored(found, patients=4, slices=16)
    for name, usual in TABLE.items():
        found.add_argument(f"--{name}", type=int, nargs="*", default=usual)
    found = commands.add_parser("export", help="a bundle for the engine", description=export.__doc__)
    add_export(found, ABOUT)
    add_sampling(found)
    add_card(commands)
    found = commands.add_parser(
        "fixture", help="the tiny bundle and the reference case of the engine's tests"
    )
    add_fixture(found, TINY)
    args = parser.parse_args(arguments)
    if args.command == "export":
        export(args.run, args.about, args.bundles, args.fold, sampling_of(args))
        return
    if args.command == "card":
        write_card(args.bundle, args.run, args.fold)
        return
    if args.command == "fixture":
        write_fixture(args.about, args.bundles, args.fixtures)
        return
    torch.set_num_threads(args.threads)
    {"train": train_networks, "evaluate": evaluate_networks, "table": compare_samplings}[args.command](args)


def add_scored(parser: argparse.ArgumentParser, patients: int, slices: int | None) -> None:
    """Which patients are scored, as arguments."""
    parser.add_argument("--scored", type=int, default=patients, help="patients of each fold that are scored")
    parser.add_argument(
        "--slices", type=int, default=slices, help="only so many of each, around the largest lesion"
    )
    parser.add_argument(
        "--fold", type=int, nargs="*", default=range(FOLDS), help="only patients of these folds"
    )


def add_sampling(parser: argparse.ArgumentParser) -> None:
    """How a prior is refined, as arguments."""
    usual = Sampling()
    parser.add_argument("--paths", type=int, default=usual.paths, help="whose mean is the result")
    parser.add_argument("--steps", type=int, default=usual.steps, help="evaluations on each path, at least 2")
    parser.add_argument(
        "--shortcut", type=int, default=usual.shortcut, help="timestep that the prior is noised to, of 1000"
    )
    parser.add_argument("--cascades", type=int, default=usual.cascades)


def sampling_of(args: argparse.Namespace) -> Sampling:
    """-> how the arguments want a prior refined"""
    return Sampling(args.paths, args.steps, args.shortcut, args.cascades)


def patients_of(args: argparse.Namespace, variant: str) -> Patients:
    """-> the prepared patients that training and evaluation may see"""
    return load(args.data, variant, ("train",))


def train_networks(args: argparse.Namespace) -> None:
    """Command `train`."""
    recipe = Recipe.read(args.recipe) if args.recipe else Recipe()
    patients = patients_of(args, prior_variant(args.prior))
    train(recipe, patients, args.run, args.prior, args.fold or (*range(FOLDS), None), args.deadline)


def evaluate_networks(args: argparse.Namespace) -> None:
    """Command `evaluate`."""
    patients = patients_of(args, kept_recipe(args.run).variant)
    print(evaluate(patients, args.run, args.scored, args.fold, sampling_of(args), args.slices))


def compare_samplings(args: argparse.Namespace) -> None:
    """Command `table`."""
    patients = patients_of(args, kept_recipe(args.run).variant)
    ways = [Sampling(*way) for way in product(*(getattr(args, name) for name in TABLE))]
    print(compare(patients, args.run, args.scored, args.fold, ways, args.slices))


if __name__ == "__main__":
    main()
