"""One network for each fold, trained without its patients, for the figures; one on all patients, to ship."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Protocol, TypeVar

import torch
from torch import nn

from ..data.patients import Patients
from .training import LossOf, Schedule, fit
from .weights import load_half, weights_file

ALL = "all"

Network = TypeVar("Network", bound=nn.Module)


class Lengths(Protocol):
    """Of a recipe what every training needs."""

    @property
    def learning_rate(self) -> float: ...

    @property
    def steps(self) -> int: ...

    @property
    def seed(self) -> int: ...


def name_of(fold: int | None) -> str:
    """-> the name of the network trained without the fold, or on all patients"""
    return ALL if fold is None else f"fold-{fold}"


def training_indices(patients: Patients, fold: int | None) -> list[int]:
    """-> indices of the patients that a network is trained on: all of `train` and `extra` but a fold and its
    persons"""
    left_out = {
        r.group for r in patients.records if r.split == "val" or (fold is not None and r.fold == fold)
    }
    return patients.where(lambda r: r.group not in left_out)


def fit_folds(
    new: Callable[[], nn.Module],
    loss_without: Callable[[int | None], LossOf],
    lengths: Lengths,
    run: Path,
    folds: Iterable[int | None],
    deadline: float | None = None,
) -> None:
    """Train a `new` network for each of the folds, None for the one on all patients, on a CPU; with
    `deadline` seconds for all together. `loss_without` gives the loss on the patients that are not of a fold.
    An interrupted training continues, a finished one is left as it is."""
    waiting: Sequence[int | None] = [f for f in folds if not weights_file(run, name_of(f)).exists()]
    for fold in waiting:
        torch.manual_seed(lengths.seed)
        loss_of = loss_without(fold)
        schedule = (
            Schedule(lengths.learning_rate, steps=lengths.steps)
            if deadline is None
            else Schedule(lengths.learning_rate, seconds=deadline / len(waiting))
        )
        fit(
            new(),
            loss_of,
            schedule,
            name=name_of(fold),
            run=run,
            seed=lengths.seed,
            device=torch.device("cpu"),
        )


def load_fold(network: Network, run: Path, fold: int | None) -> Network:
    """-> `network` with the weights of a run. Raises FileNotFoundError if it was not trained."""
    file = weights_file(run, name_of(fold))
    if not file.exists():
        raise FileNotFoundError(f"{file} does not exist. Train it first.")
    load_half(network, file)
    return network
