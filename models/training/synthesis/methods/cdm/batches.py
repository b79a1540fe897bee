"""Training examples: crops of random slices of random patients with a random subset of sources, generated on
the device."""

from __future__ import annotations

from dataclasses import dataclass

import torch
import torch.nn.functional as F
from torch import Tensor

from ... import CEILING, CONTRASTS, ENHANCING, SIDE, T1, T1CE, THICK
from ...data.codes import NO_SIGNAL, WHITE_MATTER
from ...data.patients import BRAIN, Patients, intensity, lookup
from . import augment
from .augment import GROUPS, normal, plain_table, uniform
from .cunet import NEIGHBOURS, PLANES, SLICES
from .lesion_paste import generate, paste
from .moments import Moments
from .recipe import Recipe

FEWER = (0.5, 0.3, 0.2)  # share of the examples with 1, 2, 3 missing contrasts
LESION_WEIGHT = 1.0  # added to the weight of all voxels in a lesion
ECHO = 2  # examples from one crop, with other sources, curves and noise (data echoing, arXiv 1907.05550)
BEYOND = 16  # pixels that a crop may extend over the edge of a larger brain
GIVEN_WEIGHT = 0.2  # of the loss on sources
PASTED, GENERATED = 0.2, 0.1  # share of the examples with pasted and with generated lesions
ENOUGH = 0.01  # share of a slice that is brain
SMALLEST = 30  # pixels of a lesion that is worth pasting
AXES = ((0, 1, 2), (1, 0, 2), (2, 0, 1))
"""The axes (of z, y, x) of slices, rows and columns, for each of `PLANES`."""


@dataclass(frozen=True)
class Batch:
    """S examples on one device."""

    images: Tensor  # [S, 20, crop, crop] intensity
    availability: Tensor  # [S, 4]
    plane: Tensor  # [S, 3] one-hot
    truth: Tensor  # [S, 5, crop, crop] intensity, as `Output.mean`
    weight: Tensor  # [S, 5, crop, crop] of the loss; 0 outside the brain and for voxels that are not learned
    labels: Tensor  # int64 [S, crop, crop]
    segmented: Tensor  # bool [S], lesions were segmented
    whole: Tensor  # bool [S], labels have the whole lesion, without sub-regions
    fold: Tensor  # int64 [S], of the patient


class Sampler:
    """Draws batches from patients on the device. Raises ValueError without patients."""

    def __init__(self, patients: Patients, chosen: list[int], recipe: Recipe):
        device = patients.images.device
        self.patients, self.recipe = patients, recipe
        self.chosen = torch.tensor(chosen, device=device)
        records = [patients.records[i] for i in chosen]
        if not records:
            raise ValueError("no patients to learn from")
        self.present, self.target = (
            torch.tensor([getattr(r, name) for r in records], device=device) for name in ("present", "target")
        )
        self.segmented = torch.tensor([r.segmented for r in records], device=device)
        self.fold = torch.tensor([r.fold for r in records], device=device)
        self.whole = torch.tensor([r.whole_lesion for r in records], device=device)
        self.source_codes = recoded(patients.source_tables[chosen])
        self.thick = torch.tensor([r.slice_spacing > THICK for r in records], device=device)
        complete = self.present.all(1) & self.segmented & ~self.whole & ~self.thick
        # By plane, [n, 192]: slices with enough brain, and slices with a lesion that can be pasted elsewhere.
        self.brains: list[Tensor] = []
        self.lesions: list[Tensor] = []
        for axes in AXES:
            brain, lesion = (
                torch.stack([found(patients.labels[i]).sum(axes[1:]) for i in chosen])
                for found in (lambda codes: codes >= BRAIN, lambda codes: (codes & ~BRAIN) > 0)
            )
            self.brains.append((brain > ENOUGH * SIDE**2).float())
            self.lesions.append((lesion > SMALLEST).float() * complete[:, None])
        self.anchored = recipe.variant != "stored"
        self.moments = None if self.anchored else Moments(patients, chosen)
        self.bank: Tensor | None = None

    def draw(self, generator: torch.Generator) -> Batch:
        """-> a batch of random examples in one random plane"""
        recipe = self.recipe
        crops, device = max(1, recipe.batch // ECHO), self.chosen.device
        plane = int(torch.randint(recipe.planes, (1,), generator=generator, device=device))
        suited = ~self.thick if plane else torch.ones_like(self.thick)
        who = torch.multinomial(suited.float(), crops, replacement=True, generator=generator)
        codes, lesion, inside = self.crops(generator, who, plane)
        codes, lesion, inside, who = (
            v.repeat(recipe.batch // crops, *[1] * (v.ndim - 1)) for v in (codes, lesion, inside, who)
        )
        count, brain = len(who), inside[:, NEIGHBOURS].float()
        sources = self.draw_sources(generator, self.present[who])
        pivot = WHITE_MATTER if self.anchored else 0.4
        strength = float(recipe.augmented)
        tables, truth_tables = augment.intensity_tables(generator, count, pivot, strength)
        tables = tables.gather(2, self.source_codes[who])
        truth_tables = torch.where(self.curve_known(sources)[..., None], truth_tables, plain_table(device))
        truth = lookup(truth_tables, codes[:, :, NEIGHBOURS])
        if self.moments is not None:
            truth = self.moments.typical(truth, truth_tables, who)
        zero = torch.tensor(NO_SIGNAL if self.anchored else (0.0,) * len(CONTRASTS), device=device)[
            :, None, None
        ]
        shared = augment.shading(generator, count, 1, recipe.crop, strength * augment.SHARED_SHADING)
        own = shared * augment.shading(
            generator, count, len(CONTRASTS), recipe.crop, strength * augment.OWN_SHADING
        )
        images = lookup(tables, codes).flatten(3)
        if recipe.augmented:
            images = augment.slice_profiles(generator, count, SLICES) @ images
        images = images.sub_(zero).view(codes.shape).mul_(own.unsqueeze(2)).add_(zero.unsqueeze(1))
        images = images.add_(self.noise(generator, images)).clamp_(0, CEILING)
        images = images.mul_(inside.float().unsqueeze(1)).mul_(sources[:, :, None, None, None])
        truth = (truth - zero) * shared + zero
        labels = lesion[:, NEIGHBOURS].long()
        return Batch(
            images=images.flatten(1, 2).contiguous(memory_format=torch.channels_last),
            availability=sources.float(),
            plane=F.one_hot(torch.full((count,), plane, device=device), len(PLANES)).float(),
            truth=torch.cat([truth, truth[:, T1CE : T1CE + 1]], 1),
            weight=self.weights(generator, who, sources, labels, brain),
            labels=labels,
            segmented=self.segmented[who],
            whole=self.whole[who],
            fold=self.fold[who],
        )

    def crops(self, generator: torch.Generator, who: Tensor, plane: int) -> tuple[Tensor, Tensor, Tensor]:
        """-> codes uint8 [S, 4, 5, crop, crop], lesion labels uint8 and brain bool [S, 5, crop, crop] of
        random slices of the patients `who` [S]; the first ones with a lesion of another patient"""
        where = torch.multinomial(self.brains[plane][who], 1, generator=generator)[:, 0]
        pasted, generated = (
            round(share * len(who)) if self.recipe.paste else 0 for share in (PASTED, GENERATED)
        )
        if not self.lesions[plane].any():
            pasted = 0
        if pasted:
            donor, at, where[:pasted] = self.donors(generator, plane, who[:pasted])
        planes, labels = self.slices(who, where, plane)
        theta = augment.maps(
            generator,
            centres(generator, labels[:, NEIGHBOURS], self.recipe.crop),
            self.recipe.crop,
            SIDE,
            plane < 2,
            self.recipe.augmented,
        )
        codes, lesion, inside = self.warped(planes, labels, theta)
        if pasted:
            donor_codes, donor_lesion, donor_inside = self.warped(
                *self.slices(donor, at, plane), theta[:pasted]
            )
            images, lesion[:pasted] = paste(
                intensity(codes[:pasted]),
                lesion[:pasted],
                inside[:pasted],
                intensity(donor_codes),
                donor_lesion,
                donor_inside,
            )
            codes[:pasted] = recode(images, inside[:pasted])
        if generated:
            some = torch.arange(pasted, pasted + generated, device=who.device)
            some = some[self.present[who[some], T1]]
            images, lesion[some] = generate(generator, intensity(codes[some]), lesion[some], inside[some])
            codes[some] = recode(images, inside[some])
        return codes, lesion, inside

    def noise(self, generator: torch.Generator, like: Tensor) -> Tensor:
        """-> noise of the shape of `like`, of random strength per sample and contrast, a random part of fixed
        random numbers: new ones would cost a CPU as much as all other augmentation"""
        if self.bank is None or len(self.bank) < 2 * like.numel():
            self.bank = normal(generator, 2 * like.numel())
        start = int(torch.randint(like.numel(), (1,), generator=generator, device=like.device))
        strength = self.recipe.augmented * augment.NOISE * uniform(generator, *like.shape[:2], 1, 1, 1)
        return strength * self.bank[start : start + like.numel()].view(like.shape)

    def donors(self, generator: torch.Generator, plane: int, who: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        """Recipients [S] -> donors of a lesion [S], their slices [S], and the recipients' slices [S] at the
        same relative position in the brain"""
        table = self.lesions[plane]
        drawn = torch.multinomial(table.sum(1).clamp(max=1), len(who), replacement=True, generator=generator)
        at = torch.multinomial(table[drawn], 1, generator=generator)[:, 0]
        first, last = extent(self.brains[plane][drawn])
        share = (at - first) / (last - first).clamp(min=1)
        first, last = extent(self.brains[plane][who])
        return drawn, at, (first + share * (last - first)).round().long()

    def slices(self, who: Tensor, where: Tensor, plane: int) -> tuple[Tensor, Tensor]:
        """Patients and slices [S] -> codes uint8 [S, 4, 5, 192, 192] and labels uint8 [S, 5, 192, 192] of
        neighbouring slices along the plane's axis"""
        step = torch.arange(-NEIGHBOURS, NEIGHBOURS + 1, device=who.device)
        step = torch.where(self.thick[who][:, None], 0, step[None])
        at = (where[:, None] + step).clamp(0, SIDE - 1)
        index = self.chosen[who][:, None].expand_as(at)
        images = self.patients.images.permute(0, 1, *(2 + axis for axis in AXES[plane]))
        labels = self.patients.labels.permute(0, *(1 + axis for axis in AXES[plane]))
        return images[index, :, at].transpose(1, 2), labels[index, at]

    def warped(self, planes: Tensor, labels: Tensor, theta: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        """As from `slices`, and `augment.maps` [S, 2, 3] -> codes uint8 [S, 4, 5, crop, crop], lesion labels
        uint8 and brain bool [S, 5, crop, crop]"""
        crop = self.recipe.crop
        codes = (
            augment.warp(planes.flatten(1, 2).float(), theta, crop)
            .add_(0.5)
            .to(torch.uint8)
            .unflatten(1, planes.shape[1:3])
        )
        found = augment.warp(labels.float(), theta, crop, "nearest").to(torch.uint8)
        return codes, found & ~BRAIN, found >= BRAIN

    def draw_sources(self, generator: torch.Generator, present: Tensor) -> Tensor:
        """Present contrasts bool [S, 4] -> sources bool [S, 4], at least one, and never all four"""
        missing = 1 + torch.multinomial(
            torch.tensor(FEWER, device=present.device), len(present), replacement=True, generator=generator
        )
        wanted = (len(CONTRASTS) - missing).clamp(min=1).minimum((present.sum(1) - 1).clamp(min=1))
        order = (uniform(generator, *present.shape) * present).argsort(1, descending=True).argsort(1)
        return (order < wanted[:, None]) & present

    def curve_known(self, sources: Tensor) -> Tensor:
        """Sources bool [S, 4] -> bool [S, 4]: contrasts with a source of the same group, which shows their
        intensity curve"""
        groups = torch.tensor(GROUPS, device=sources.device)
        same = (groups[:, None] == groups[None]).float()
        return (sources.float() @ same) > 0

    def weights(
        self, generator: torch.Generator, who: Tensor, sources: Tensor, labels: Tensor, brain: Tensor
    ) -> Tensor:
        """Patients [S], sources [S, 4], labels and brain [S, crop, crop] -> [S, 5, crop, crop]. The last
        channel excludes voxels that enhance, or may enhance: in lesions without sub-regions, and in
        patients that were not segmented."""
        wanted = (self.target[who] & ~sources).float()
        if self.recipe.all_targets:
            share = wanted + GIVEN_WEIGHT * (self.target[who] & sources)
        else:
            one = torch.multinomial(wanted + 1e-9, 1, generator=generator)
            share = wanted * F.one_hot(one[:, 0], len(CONTRASTS))
        weight = share[:, :, None, None] * (brain * (1 + LESION_WEIGHT * (labels > 0)))[:, None]
        enhancing = (labels == ENHANCING) | ((labels > 0) & self.whole[who][:, None, None])
        near = F.max_pool2d(enhancing.float(), 5, stride=1, padding=2)
        known = self.segmented[who][:, None, None]
        without = weight[:, T1CE] * (1 - near) * known
        return torch.cat([weight, without[:, None]], 1)


def centres(generator: torch.Generator, labels: Tensor, crop: int) -> Tensor:
    """Label codes [S, 192, 192] -> [S, 2], random row and column of a crop's centre. The crop covers as much
    brain as it can, and extends by at most BEYOND over the edge of a larger brain."""
    inside = labels >= BRAIN
    box = torch.stack([torch.stack(extent(inside.any(axis).float()), 1) for axis in (2, 1)], 1).float()
    middle, half = box.mean(2), (box[..., 1] - box[..., 0]) / 2  # [S, 2], rows and columns
    reach = (half - crop / 2 + BEYOND).clamp(min=BEYOND / 2)
    return middle + (2 * uniform(generator, len(labels), 2) - 1) * reach


def extent(slices: Tensor) -> tuple[Tensor, Tensor]:
    """[S, n] of 0 and 1 -> first and last index of a 1 in each row"""
    return slices.argmax(1), slices.shape[1] - 1 - slices.flip(1).argmax(1)


def recoded(tables: Tensor) -> Tensor:
    """`Patients.source_tables` [n, 4, 256] -> int64, the code of each intensity"""
    codes = (tables * 199 + 1).round().long()
    codes[..., 0] = 0
    return codes


def recode(images: Tensor, inside: Tensor) -> Tensor:
    """Intensity [S, 4, 5, H, W] and brain [S, 5, H, W] -> uint8 code [S, 4, 5, H, W]"""
    return ((images * 199 + 1).round().clamp(1, 255) * inside.unsqueeze(1)).to(torch.uint8)
