"""Training of the networks: one for each fold, without its patients, for the figures; one on all, to ship."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import torch
from torch import Tensor, nn

from ...common.training import Schedule, fit
from ...common.weights import load_half, weights_file
from ...data.patients import Patients
from ..cdm.train_cunet import training_indices
from .batches import Batch, Sampler
from .network import RefineNet
from .prior import keep_prior, kept_prior, kept_recipe
from .recipe import Recipe

ALL = "all"


def name_of(fold: int | None) -> str:
    """-> the name of the network trained without the fold, or on all patients"""
    return ALL if fold is None else f"fold-{fold}"


def loss_of(residual: Tensor, batch: Batch) -> Tensor:
    """-> the scalar loss of a batch: the squared error of the residual, in units of the expected error"""
    error = (residual - batch.clean).square() * batch.weight
    return error.sum() / batch.weight.sum().clamp(min=1)


def train(
    recipe: Recipe,
    patients: Patients,
    run: Path,
    prior: Path,
    folds: Sequence[int | None],
    deadline: float | None = None,
) -> dict[int | None, RefineNet]:
    """Train a network for each of the folds, None for the one on all patients, after C-UNets of the run
    `prior`; with `deadline` seconds for all together -> the networks. An interrupted training continues, a
    finished one is only loaded. Raises ValueError without patients for one of them, FileNotFoundError without
    a C-UNet."""
    recipe.write(run / "recipe.json")
    waiting = [fold for fold in folds if not weights_file(run, name_of(fold)).exists()]
    for fold in waiting:
        keep_prior(prior, run, fold)
        torch.manual_seed(recipe.seed)
        sampler = Sampler(
            patients, training_indices(patients, fold), recipe, kept_prior(run, fold), kept_recipe(run)
        )
        schedule = (
            Schedule(recipe.learning_rate, steps=recipe.steps)
            if deadline is None
            else Schedule(recipe.learning_rate, seconds=deadline / len(waiting))
        )
        fit_network(recipe, sampler, schedule, run, fold)
    return {fold: trained(run, fold) for fold in folds}


def fit_network(recipe: Recipe, sampler: Sampler, schedule: Schedule, run: Path, fold: int | None) -> None:
    """Train one network."""

    def loss(model: nn.Module, generator: torch.Generator, _: int) -> Tensor:
        b = sampler.draw(generator)
        return loss_of(model(b.images, b.availability, b.prior, b.noisy, b.target, b.signal), b)

    fit(
        RefineNet(recipe),
        loss,
        schedule,
        name=name_of(fold),
        run=run,
        seed=recipe.seed,
        device=torch.device("cpu"),
    )


def trained(run: Path, fold: int | None) -> RefineNet:
    """-> a network of a run. Raises FileNotFoundError if it was not trained."""
    file = weights_file(run, name_of(fold))
    if not file.exists():
        raise FileNotFoundError(f"{file} does not exist. Train it first.")
    network = load_half(RefineNet(Recipe.read(run / "recipe.json")), file)
    assert isinstance(network, RefineNet)
    return network
