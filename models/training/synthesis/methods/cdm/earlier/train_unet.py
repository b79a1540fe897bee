"""Stage `unet`: one plain U-Net per fold; member k is trained without the patients of fold k."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import torch
from torch import Tensor

from ....common.step_training import fit
from .batches import draw_batch, typical_moments
from .config import Config, Phase
from .data import Patient, fold_of
from .losses import image_loss
from .unet import UNet


def phase_at(phases: tuple[Phase, ...], step: int) -> Phase:
    """-> the phase that a step belongs to"""
    ends = np.cumsum([phase.steps for phase in phases])
    return phases[min(int(np.searchsorted(ends, step, side="right")), len(phases) - 1)]


def members_patients(
    config: Config, patients: list[Patient], extra: list[Patient], member: int
) -> list[Patient]:
    """-> the patients that a member is trained on"""
    folds = fold_of(patients, config.folds)
    return [p for p in patients if folds[p.id] != member] + extra


def unet_file(run: Path, member: int) -> Path:
    """The checkpoint of a plain U-Net."""
    return run / f"unet-{member}.pt"


def train_unet(config: Config, patients: list[Patient], extra: list[Patient], run: Path, member: int) -> None:
    """Train the plain U-Net of one fold."""
    own = members_patients(config, patients, extra, member)
    typical = typical_moments(own)
    seed = config.seed + 200 + member
    torch.manual_seed(seed)
    model = UNet(config).to(memory_format=torch.channels_last)

    def loss_of(rng: np.random.Generator, step: int) -> Tensor:
        b = draw_batch(rng, config, phase_at(config.unet.phases, step), own, typical)
        with torch.autocast("cpu", torch.bfloat16):
            prediction, scale = model(b.images, b.availability, b.target)
        return image_loss(prediction.float(), scale.float(), b.truth, b.weight)

    fit(
        model,
        loss_of,
        steps=sum(phase.steps for phase in config.unet.phases),
        learning_rate=config.unet.learning_rate,
        seed=seed,
        checkpoint=unet_file(run, member),
    )
