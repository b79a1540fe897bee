"""Trains one referee per fold, on acquired images of segmented patients alone.

Nearly half of the examples have blank contrasts (BLANK), so that one network works with all four contrasts
and with one blank.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from .. import CEILING, ENHANCING, MS, NECROSIS, THICK
from ..common.training import LossOf, Schedule, fit
from ..data.patients import BRAIN, Patients, intensity
from .network import MULTIPLE, SLICES, Referee, network_input

BATCH = 12
CROP = 160  # voxels along each side of an example
CENTRED = 2 / 3  # share of examples whose slice shows a lesion
BLANK = (0.55, 0.35, 0.10)  # probabilities of 0, 1 and 2 blank contrasts
TURN, SCALE, SHIFT = 0.2, 0.12, 8.0  # largest: radians, relative, voxels
GAIN, OFFSET = 0.15, 0.05  # standard deviations of each contrast's intensity changes around white matter
DEEP_WEIGHT = 0.3
LEARNING_RATE = 2e-3
SECONDS = 900.0  # of all folds together


@dataclass(frozen=True)
class Slices:
    """The slices that examples are drawn from, as tensors on the patients' device."""

    patient: Tensor  # [N], of every slice with brain
    z: Tensor  # [N]
    ends: Tensor  # [P, 2], the patient's first and last slice
    reach: Tensor  # [P], 1, or 0 where slices are thick
    centre: Tensor  # [P, 2], middle of the brain in plane (y, x)
    present: Tensor  # [P, 4]
    partial: Tensor  # [P], labels have the whole lesion, without sub-regions
    weight: Tensor  # [N], probability of each slice


def trained_on(patients: Patients, fold: int) -> list[int]:
    """-> segmented patients outside the validation split, without the fold's persons"""
    held_out = {record.group for record in patients.records if record.fold == fold}
    return patients.where(
        lambda r: r.segmented and r.split != "val" and r.fold != fold and r.group not in held_out
    )


def slices(patients: Patients, indices: list[int]) -> Slices:
    """-> the slices with brain of these patients. All patients are equally likely, and within one, slices
    with a lesion together have the probability CENTRED. Raises ValueError for a patient without a brain
    mask."""
    device, count = patients.labels.device, len(patients)
    centre = torch.zeros(count, 2)
    where: list[tuple[Tensor, Tensor, Tensor]] = []
    for i in indices:
        brain, lesion = patients.labels[i] >= BRAIN, (patients.labels[i] & (BRAIN - 1)) > 0
        z = brain.flatten(1).any(1).nonzero()[:, 0]
        if not len(z):
            raise ValueError(f"{patients.records[i].id} has no brain mask; prepare it anew.")
        with_lesion = lesion.flatten(1).any(1)[z].float()
        share = CENTRED if 0 < with_lesion.mean() < 1 else 0.5
        healthy = 1 - with_lesion
        weight = share * with_lesion / with_lesion.sum().clamp(min=1)
        weight = weight + (1 - share) * healthy / healthy.sum().clamp(min=1)
        where.append((torch.full_like(z, i), z, weight / weight.sum()))
        for axis, others in enumerate(((0, 2), (0, 1))):
            seen = brain.any(others[1]).any(others[0]).nonzero()[:, 0]
            centre[i, axis] = float(seen[0] + seen[-1]) / 2
    records = patients.records
    patient, z, weight = (torch.cat(parts) for parts in zip(*where))
    return Slices(
        patient,
        z,
        torch.tensor([[r.first, r.first + r.depth - 1] for r in records], device=device),
        torch.tensor([int(r.slice_spacing <= THICK) for r in records], device=device),
        centre.to(device),
        torch.tensor([r.present for r in records], device=device),
        torch.tensor([r.whole_lesion for r in records], device=device),
        weight,
    )


def neighbours(z: Tensor, ends: Tensor, reach: Tensor) -> Tensor:
    """Slices [B], their patient's first and last slice [B, 2] and reach [B] -> neighbouring slices [B, 3],
    repeated at the ends"""
    steps = torch.arange(SLICES, device=z.device) - SLICES // 2
    return torch.maximum(torch.minimum(z[:, None] + steps * reach[:, None], ends[:, 1:]), ends[:, :1])


def window(centre: Tensor, side: int, shape: tuple[int, int], generator: torch.Generator) -> Tensor:
    """Centres [B, 2] (y, x) -> sampling grid [B, side, side, 2] for `grid_sample`, with random rotation,
    scale, shift and mirroring"""
    b, device = len(centre), centre.device

    def spread(limit: float, *more: int) -> Tensor:
        return (2 * torch.rand(b, *more, generator=generator, device=device) - 1) * limit

    angle, scale = spread(TURN), 1 + spread(SCALE)
    mirrored = torch.where(torch.rand(b, generator=generator, device=device) < 0.5, -1.0, 1.0)
    cos, sin = scale * torch.cos(angle), scale * torch.sin(angle)
    turn = torch.stack(
        (torch.stack((cos * mirrored, -sin), 1), torch.stack((sin * mirrored, cos), 1)), 1
    )  # rows x, y
    line = torch.arange(side, device=device) - (side - 1) / 2
    offsets = torch.stack(torch.meshgrid(line, line, indexing="xy"), -1)  # [side, side, (x, y)]
    voxels = offsets.reshape(-1, 2) @ turn.transpose(1, 2) + (centre + spread(SHIFT, 2)).flip(1)[:, None]
    size = torch.tensor((shape[1], shape[0]), device=device)
    return ((2 * voxels + 1) / size - 1).reshape(b, side, side, 2)


def draw(
    patients: Patients, found: Slices, count: int, generator: torch.Generator
) -> tuple[Tensor, Tensor, Tensor, Tensor]:
    """-> a batch: float intensity [B, 4, 3, side, side], uint8 labels with the BRAIN bit [B, side, side],
    available [B, 4], partial [B]"""
    device = patients.images.device
    shape = (patients.images.shape[-2], patients.images.shape[-1])
    side = min(CROP, *(n - n % MULTIPLE for n in shape))
    chosen = torch.multinomial(found.weight, count, replacement=True, generator=generator)
    p, z = found.patient[chosen], found.z[chosen]
    around = neighbours(z, found.ends[p], found.reach[p])
    codes = patients.images[
        p[:, None, None], torch.arange(4, device=device)[:, None], around[:, None]
    ]  # [B, 4, 3, Y, X]
    grid = window(found.centre[p], side, shape, generator)
    images = F.grid_sample(intensity(codes).flatten(1, 2), grid, align_corners=False).reshape(
        count, 4, SLICES, side, side
    )
    gain = torch.exp(GAIN * torch.randn(count, 4, 1, 1, 1, generator=generator, device=device))
    offset = OFFSET * torch.randn(count, 4, 1, 1, 1, generator=generator, device=device)
    images = torch.where(images > 0, (0.5 + gain * (images - 0.5) + offset).clamp(1e-3, CEILING), 0.0)
    labels = F.grid_sample(patients.labels[p, z][:, None].float(), grid, mode="nearest", align_corners=False)
    return images, labels[:, 0].to(torch.uint8), availability(found.present[p], generator), found.partial[p]


def availability(present: Tensor, generator: torch.Generator) -> Tensor:
    """Present contrasts bool [B, 4] -> the same without 0, 1 or 2 of them, by the probabilities BLANK; at
    least one remains"""
    b, device = len(present), present.device
    blank = torch.multinomial(torch.tensor(BLANK, device=device), b, replacement=True, generator=generator)
    blank = torch.minimum(blank, present.sum(1) - 1)
    order = (
        torch.rand(b, 4, generator=generator, device=device)
        .masked_fill(~present, -1)
        .argsort(1, descending=True)
        .argsort(1)
    )
    return present & (order >= blank[:, None])


def loss(logits: list[Tensor], codes: Tensor, whole: Tensor) -> Tensor:
    """Logits [B, 5, y, x] at full and lower resolutions, labels with the BRAIN bit [B, Y, X], whether labels
    have the whole lesion alone, bool [B] -> Dice loss and cross-entropy in the brain, and with weight
    DEEP_WEIGHT the cross-entropy at lower resolutions"""
    total = cross_entropy(logits[0], codes, whole) + dice_loss(logits[0], codes, whole)
    for coarse in logits[1:]:
        step = codes.shape[-1] // coarse.shape[-1]
        total = total + DEEP_WEIGHT * cross_entropy(
            coarse, codes[:, step // 2 :: step, step // 2 :: step], whole
        )
    return total


def cross_entropy(logits: Tensor, codes: Tensor, whole: Tensor) -> Tensor:
    """As `loss` -> mean over the brain. If only the whole lesion is known, its probability is the sum over
    the lesion classes."""
    log = F.log_softmax(logits.float(), 1)
    label = (codes & (BRAIN - 1)).long()
    exact = log.gather(1, label[:, None])[:, 0]
    likelihood = torch.where(whole[:, None, None] & (label > 0), log[:, 1:].logsumexp(1), exact)
    brain = codes >= BRAIN
    return -(likelihood * brain).sum() / brain.sum().clamp(min=1)


def dice_loss(logits: Tensor, codes: Tensor, whole: Tensor) -> Tensor:
    """As `loss` -> 1 - soft Dice over the batch (Milletari 2016), mean over any lesion, tumour core,
    enhancing tumour, MS lesion. If only the whole lesion is known, the last three do not count."""
    p = logits.float().softmax(1) * (codes >= BRAIN)[:, None]
    label = codes & (BRAIN - 1)
    core, enhancing, ms = (label == NECROSIS) | (label == ENHANCING), label == ENHANCING, label == MS
    predicted = torch.stack((p[:, 1:].sum(1), p[:, NECROSIS] + p[:, ENHANCING], p[:, ENHANCING], p[:, MS]), 1)
    truth = torch.stack((label > 0, core, enhancing, ms), 1).float()
    counted = torch.stack((torch.ones_like(whole), ~whole, ~whole, ~whole), 1).float()[:, :, None, None]
    overlap = 2 * (predicted * truth * counted).sum((0, 2, 3)) + 1
    return (1 - overlap / (((predicted + truth) * counted).sum((0, 2, 3)) + 1)).mean()


def loss_of(patients: Patients, found: Slices) -> LossOf:
    """-> the loss of one random batch, for `fit`"""
    device = patients.images.device

    def batch_loss(model: nn.Module, generator: torch.Generator, step: int) -> Tensor:
        images, codes, available, whole = draw(patients, found, BATCH, generator)
        with torch.autocast(device.type, torch.bfloat16):
            logits = model(network_input(images, available).contiguous(memory_format=torch.channels_last))
        return loss(logits, codes, whole)

    return batch_loss


def train(
    patients: Patients, run: Path, *, schedule: Schedule | None = None, seed: int = 101
) -> dict[int, nn.Module]:
    """Prepared patients, already on the device to train on -> the referee of each fold, trained without the
    fold's patients.

    Resumable: `<run>/referee-<fold>.pt`. Without a schedule, SECONDS are divided among the folds. Raises
    ValueError without folds or without segmented patients.
    """
    device = patients.images.device
    folds = sorted({record.fold for record in patients.records if record.split == "train"})
    if not folds:
        raise ValueError("No patient of split 'train': load it to train referees.")
    plan = schedule or Schedule(LEARNING_RATE, seconds=SECONDS / len(folds))
    referees: dict[int, nn.Module] = {}
    for fold in folds:
        indices = trained_on(patients, fold)
        if not indices:
            raise ValueError(f"No segmented patient is left to train the referee of fold {fold} on.")
        torch.manual_seed(seed + fold)
        model = Referee().to(memory_format=torch.channels_last)  # type: ignore[call-overload]
        referees[fold] = fit(
            model,
            loss_of(patients, slices(patients, indices)),
            plan,
            name=f"referee-{fold}",
            run=run,
            seed=seed + fold,
            device=device,
        )
    return referees
