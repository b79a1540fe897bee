"""Training of the C-UNet: the members of cross-fitting, and the student that ships."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import torch
from torch import Tensor, nn
from torch.backends import cudnn

from ...common.conv_norm import fix_norms, measure_norms
from ...common.training import Schedule, fit
from ...common.weights import load_half, weights_file
from ...data.patients import Patients
from .batches import Batch, Sampler
from .cunet import OUTPUTS, CUNet
from .losses import total_loss
from .recipe import Recipe, recipe_of

TEACHER_SHARE = 0.5  # of the teacher's prediction in a student's truth


@torch.no_grad()
def distilled(batch: Batch, teachers: Mapping[int, CUNet]) -> Batch:
    """-> the batch with a truth that is half the prediction of the teacher trained without the patient;
    another teacher would repeat the truth. Examples of patients without such a teacher keep their truth."""
    truth = batch.truth.clone()
    for fold, teacher in teachers.items():
        mine = batch.fold == fold
        if mine.any():
            # every batch has another count: cuDNN would search its fastest algorithm for each
            with (
                torch.autocast(truth.device.type, torch.bfloat16),
                cudnn.flags(enabled=True, benchmark=False),
            ):
                predicted = teacher(batch.images[mine], batch.availability[mine], batch.plane[mine]).mean
            truth[mine] = (1 - TEACHER_SHARE) * truth[mine] + TEACHER_SHARE * predicted
    return replace(batch, truth=truth)


def train_cunet(
    recipe: Recipe,
    patients: Patients,
    chosen: list[int],
    schedule: Schedule,
    *,
    name: str,
    run: Path,
    seed: int,
    channels: tuple[int, ...] | None = None,
    teachers: Mapping[int, CUNet] | None = None,
    start: Path | None = None,
) -> CUNet:
    """Train on the patients `chosen` -> the averaged network, on the patients' device. `teachers`, by the
    fold that they were trained without, make it a student. `start`: folder of initial weights, used if it
    has those of this `name`. With fixed statistics they are measured on examples first, unless the weights
    were trained with fixed ones already (`recipe.json` beside them): measured anew they fit no more."""
    device = patients.images.device
    torch.manual_seed(seed)
    network = CUNet(recipe, channels)
    measured = False  # whether the weights were trained with the statistics that they have
    if start and weights_file(start, name).exists():
        load_half(network, weights_file(start, name))
        measured = recipe_of(start).fixed_norms
    network = network.to(device=device, memory_format=torch.channels_last)  # type: ignore[call-overload]
    sampler = Sampler(patients, chosen, recipe)

    def loss_of(model: nn.Module, generator: torch.Generator, step: int) -> Tensor:
        batch = sampler.draw(generator)
        if teachers:
            batch = distilled(batch, teachers)
        with torch.autocast(device.type, torch.bfloat16):
            output = model(batch.images, batch.availability, batch.plane)
        return total_loss(output, batch, step % OUTPUTS, recipe)

    if recipe.fixed_norms:
        generator = torch.Generator(device=device)
        if not measured:
            measure_norms(network, lambda n: loss_of(network, generator.manual_seed(seed + n), n))
        fix_norms(network)
    trained = fit(network, loss_of, schedule, name=name, run=run, seed=seed, device=device)
    assert isinstance(trained, CUNet)
    return trained
