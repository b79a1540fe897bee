"""Training of the networks: one for each fold, without its patients, for the figures; one on all, to ship."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import torch
from torch import Tensor, nn

from ...common import fold_training
from ...common.fold_training import fit_folds, load_fold
from ...common.training import LossOf
from ...data.patients import Patients
from .batches import Batch, Sampler
from .cases import suited
from .network import DoseNet, Output
from .recipe import Recipe

L1, L2 = 1.0, 4.0
SCALE = 0.02  # of the expected error's likelihood, small, so that it does not change the images


def training_indices(patients: Patients, fold: int | None) -> list[int]:
    """-> indices of the patients that a network is trained on: all that are suited, but those of a fold and
    files of the same persons"""
    return [i for i in fold_training.training_indices(patients, fold) if suited(patients.records[i])]


def loss_of(output: Output, batch: Batch) -> Tensor:
    """-> the scalar loss of a batch: L1 and L2 of the mean, and the Laplace likelihood of the expected
    error where the mean is learned without diffusion"""
    weight = batch.weight
    total = weight.sum().clamp(min=1)
    error = (output.mean - batch.truth).abs()
    image = ((L1 * error + L2 * error.square()) * weight).sum() / total
    plain = weight * (batch.condition[:, 1] == 0)[:, None, None, None]
    likelihood = (output.scale.log() + error.detach() / output.scale) * plain
    return image + SCALE * likelihood.sum() / plain.sum().clamp(min=1)


def train(
    recipe: Recipe,
    patients: Patients,
    run: Path,
    folds: Sequence[int | None],
    deadline: float | None = None,
) -> dict[int | None, DoseNet]:
    """Train a network for each of the folds, None for the one on all patients; with `deadline` seconds for
    all together -> the networks. An interrupted training continues, a finished one is only loaded. Raises
    ValueError without patients for one of them."""
    recipe.write(run / "recipe.json")

    def loss_without(fold: int | None) -> LossOf:
        sampler = Sampler(patients, training_indices(patients, fold), recipe)

        def loss(model: nn.Module, generator: torch.Generator, _: int) -> Tensor:
            batch = sampler.draw(generator)
            return loss_of(model(batch.images, batch.noisy, batch.condition), batch)

        return loss

    fit_folds(lambda: DoseNet(recipe), loss_without, recipe, run, folds, deadline)
    return {fold: trained(run, fold) for fold in folds}


def trained(run: Path, fold: int | None) -> DoseNet:
    """-> a network of a run. Raises FileNotFoundError if it was not trained."""
    return load_fold(DoseNet(Recipe.read(run / "recipe.json")), run, fold)
