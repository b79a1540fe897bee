"""Training of the networks: one for each fold, without its patients, for the figures; one on all, to ship."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import torch
from torch import Tensor, nn

from ...common.training import Schedule, fit
from ...common.weights import load_half, weights_file
from ...data.patients import Patients
from .batches import Batch, Sampler
from .cases import suited
from .network import DoseNet, Output
from .recipe import Recipe

L1, L2 = 1.0, 4.0
SCALE = 0.02  # of the expected error's likelihood, small, so that it does not change the images
ALL = "all"


def name_of(fold: int | None) -> str:
    """-> the name of the network trained without the fold, or on all patients"""
    return ALL if fold is None else f"fold-{fold}"


def training_indices(patients: Patients, fold: int | None) -> list[int]:
    """-> indices of the patients that a network is trained on: all that are suited, but those of a fold and
    files of the same persons"""
    left_out = {
        r.group for r in patients.records if r.split == "val" or (fold is not None and r.fold == fold)
    }
    return patients.where(lambda r: suited(r) and r.group not in left_out)


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
    waiting = [fold for fold in folds if not weights_file(run, name_of(fold)).exists()]
    for fold in waiting:
        torch.manual_seed(recipe.seed)
        sampler = Sampler(patients, training_indices(patients, fold), recipe)
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
        batch = sampler.draw(generator)
        return loss_of(model(batch.images, batch.noisy, batch.condition), batch)

    fit(
        DoseNet(recipe),
        loss,
        schedule,
        name=name_of(fold),
        run=run,
        seed=recipe.seed,
        device=torch.device("cpu"),
    )


def trained(run: Path, fold: int | None) -> DoseNet:
    """-> a network of a run. Raises FileNotFoundError if it was not trained."""
    file = weights_file(run, name_of(fold))
    if not file.exists():
        raise FileNotFoundError(f"{file} does not exist. Train it first.")
    network = load_half(DoseNet(Recipe.read(run / "recipe.json")), file)
    assert isinstance(network, DoseNet)
    return network
