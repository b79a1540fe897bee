"""Trains the diffusion network and its baseline, the Gaussian head, on out-of-fold latents, and chooses
between them."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path
from typing import TypeVar

import torch
from torch import Tensor, nn

from ...common.training import Schedule, fit
from .crps import Sampler, compare, table
from .gaussian import GaussianHead, gaussian_loss
from .latent_batches import Batch, draw_batch, measure
from .latents import LatentCase
from .mdn import Mdn, diffusion_loss

BATCH = 8  # volumes
KEYS = 16  # key slices of each: 64 mm

Network = TypeVar("Network", Mdn, GaussianHead)


def train_network(
    kind: type[Network],
    loss: Callable[[nn.Module, Network, Batch, torch.Generator], Tensor],
    cases: list[LatentCase],
    run: Path,
    schedule: Schedule,
    device: torch.device,
    *,
    name: str,
    seed: int = 0,
) -> Network:
    """Train one network for all targets on `cases` -> the network, in evaluation mode"""
    having = with_targets(cases, device, name)
    torch.manual_seed(seed)
    network = kind(having[0].features.shape[1], measure(having))

    def loss_of(model: nn.Module, generator: torch.Generator, step: int) -> Tensor:
        return loss(model, network, draw_batch(having, generator, BATCH, KEYS, device), generator)

    found = fit(network, loss_of, schedule, name=name, run=run, seed=seed, device=device)
    assert isinstance(found, kind)
    return found


train_mdn = partial(train_network, Mdn, diffusion_loss, name="mdn")
train_gaussian = partial(train_network, GaussianHead, gaussian_loss, name="gaussian")


def with_targets(cases: list[LatentCase], device: torch.device, name: str) -> list[LatentCase]:
    """-> the cases with a target, on the device. Raises ValueError without any."""
    having = [case.to(device) for case in cases if case.targets]
    if not having:
        raise ValueError(
            f"{name}: no case has a target; build the latents with subsets of sources that leave one out"
        )
    return having


def cross_fit(
    fit_one: Callable[..., Network],
    cases: list[LatentCase],
    run: Path,
    schedule: Schedule,
    device: torch.device,
    *,
    name: str,
    seed: int = 0,
) -> dict[int, Network]:
    """Train each fold with `fit_one` (`train_mdn` or `train_gaussian`) on the cases of the other folds -> the
    networks by the fold left out. Raises ValueError with fewer than two folds."""
    folds = sorted({case.fold for case in cases if case.fold >= 0})
    if len(folds) < 2:
        raise ValueError(f"{name}: cross-fitting needs at least two folds, the cases have {folds}")
    return {
        fold: fit_one(
            [case for case in cases if case.fold != fold],
            run,
            schedule,
            device,
            name=f"{name}-fold{fold}",
            seed=seed + fold,
        )
        for fold in folds
    }


def choose(
    cases: list[LatentCase],
    diffusion: Mapping[int, Sampler],
    gaussian: Mapping[int, Sampler],
    run: Path,
    device: torch.device,
) -> dict[str, object]:
    """Compare the networks of each fold on the cases of that fold -> the comparison (`crps.compare`), also in
    `<run>/comparison.json` and `.md`"""
    comparison = compare(cases, diffusion, gaussian, device)
    run.mkdir(parents=True, exist_ok=True)
    (run / "comparison.json").write_text(json.dumps(comparison, indent=2) + "\n")
    (run / "comparison.md").write_text(table(comparison) + "\n")
    return comparison
