"""Training of the networks: one for each fold, without its patients, for the figures; one on all, to ship."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import torch
from torch import Tensor, nn

from ...common.fold_training import fit_folds, load_fold, name_of, training_indices
from ...common.training import LossOf
from ...data.patients import Patients
from .batches import Batch, Sampler
from .network import RefineNet
from .noise_level import NoiseLevels, fit_noise_levels
from .prior import keep_prior, kept_prior, kept_recipe
from .recipe import Recipe


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

    def loss_without(fold: int | None) -> LossOf:
        keep_prior(prior, run, fold)
        chosen = training_indices(patients, fold)
        fit_noise_levels(patients, chosen).write(levels_file(run, fold))
        sampler = Sampler(patients, chosen, recipe, kept_prior(run, fold), kept_recipe(run))

        def loss(model: nn.Module, generator: torch.Generator, _: int) -> Tensor:
            b = sampler.draw(generator)
            found = model(b.images, b.availability, b.prior, b.noisy, b.target, b.signal, b.noise_level)
            return loss_of(found, b)

        return loss

    fit_folds(lambda: RefineNet(recipe), loss_without, recipe, run, folds, deadline)
    return {fold: trained(run, fold) for fold in folds}


def levels_file(run: Path, fold: int | None) -> Path:
    """-> where the noise levels of the patients of a training are kept"""
    return run / f"noise-level-{name_of(fold)}.json"


def noise_levels(run: Path, fold: int | None) -> NoiseLevels:
    """-> those of the patients that a network was trained on"""
    return NoiseLevels.read(levels_file(run, fold))


def trained(run: Path, fold: int | None) -> RefineNet:
    """-> a network of a run. Raises FileNotFoundError if it was not trained."""
    return load_fold(RefineNet(Recipe.read(run / "recipe.json")), run, fold)
