"""Command line: python -m synthesis.methods.cmdm COMMAND ... ; each has --help"""

from __future__ import annotations

import argparse
from pathlib import Path

import torch

from ...common.command_line import exits_with_message
from ...data.folds import FOLDS
from ...data.load import load
from ...data.patients import Patients
from .prior import prior_variant
from .recipe import Recipe
from .train import train


@exits_with_message()
def main(arguments: list[str] | None = None) -> None:
    """Run the command that the arguments name."""
    parser = argparse.ArgumentParser(prog="synthesis.methods.cmdm", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)

    def command(name: str, what: str) -> argparse.ArgumentParser:
        found = commands.add_parser(name, help=what, description=what)
        found.add_argument(
            "--data", type=Path, required=True, help="folder that synthesis.data.prepare wrote"
        )
        found.add_argument("--run", type=Path, required=True, help="folder of checkpoints, logs and figures")
        found.add_argument("--threads", type=int, default=1)
        return found

    found = command("train", "a network for each fold, and one on all patients")
    found.add_argument(
        "--prior", type=Path, required=True, help="run of synthesis.methods.cdm with the C-UNets"
    )
    found.add_argument(
        "--fold", type=int, nargs="*", help="only the networks trained without these folds, not that on all"
    )
    found.add_argument(
        "--deadline", type=float, help="seconds for all of them together; else they take the recipe's steps"
    )
    found.add_argument("--recipe", type=Path, help="JSON file of settings that differ from the defaults")
    args = parser.parse_args(arguments)
    torch.set_num_threads(args.threads)
    {"train": train_networks}[args.command](args)


def patients_of(args: argparse.Namespace, variant: str) -> Patients:
    """-> the prepared patients that training and evaluation may see"""
    return load(args.data, variant, ("train",))


def train_networks(args: argparse.Namespace) -> None:
    """Command `train`."""
    recipe = Recipe.read(args.recipe) if args.recipe else Recipe()
    patients = patients_of(args, prior_variant(args.prior))
    train(recipe, patients, args.run, args.prior, args.fold or (*range(FOLDS), None), args.deadline)


if __name__ == "__main__":
    main()
