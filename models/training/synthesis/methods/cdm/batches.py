"""Training examples: crops of random slices of random patients with a random subset of sources, all made
on the device."""

from __future__ import annotations

from dataclasses import dataclass

import torch
import torch.nn.functional as F
from torch import Tensor

from ... import CEILING, CONTRASTS, ENHANCING, SIDE, T1, T1CE, THICK
from ...data.codes import NO_SIGNAL, WHITE_MATTER
from ...data.patients import BRAIN, Patients, intensity
from . import augment
from .augment import GROUPS, normal, plain_table, uniform
from .cunet import NEIGHBOURS, PLANES, SLICES
from .lesion_paste import generate, paste
from .recipe import Recipe

FEWER = (0.5, 0.3, 0.2)  # share of the examples that miss 1, 2, 3 contrasts
LESION_WEIGHT = 1.0  # added to that of a voxel in a lesion; all of it alike
ECHO = 2  # examples from one crop, with other sources, tones and noise (data echoing, arXiv 1907.05550)
BEYOND = 16  # pixels that a crop may reach over the edge of a brain that is larger
GIVEN_WEIGHT = 0.2  # of the loss on contrasts that were given
PASTED, GENERATED = 0.2, 0.1  # share of the examples with pasted and with generated lesions
ENOUGH = 0.01  # share of a slice that is brain
SMALLEST = 30  # pixels of a lesion that is worth pasting
AXES = ((0, 1, 2), (1, 0, 2), (2, 0, 1))
"""Of z, y, x: the slices' axis, then rows and columns, for each of `PLANES`."""


@dataclass(frozen=True)
class Batch:
    images: Tensor  # [S, 20, crop, crop] intensity
    availability: Tensor  # [S, 4]
    plane: Tensor  # [S, 3] one-hot
    truth: Tensor  # [S, 5, crop, crop] intensity, as `Output.mean`
    weight: Tensor  # [S, 5, crop, crop] of the loss; 0 outside the brain and where nothing is to be learned
    labels: Tensor  # int64 [S, crop, crop]
    segmented: Tensor  # bool [S], labels mean something
    whole: Tensor  # bool [S], labels say only where a lesion is, not what it is
    fold: Tensor  # int64 [S], of the patient


class Sampler:
    """Draws batches from patients that lie on the device. Raises ValueError where no patient can be
    learned from."""

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
        self.thick = torch.tensor([r.slice_spacing > THICK for r in records], device=device)
        complete = self.present.all(1) & self.segmented & ~self.whole & ~self.thick
        # By plane, [n, 192]: the slices with enough brain, and those from which a lesion can be taken.
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
        tables, truth_tables = augment.tone_tables(generator, count, WHITE_MATTER if self.anchored else 0.4)
        truth_tables = torch.where(self.tones_known(sources)[..., None], truth_tables, plain_table(device))
        truth = lookup(truth_tables, codes[:, :, NEIGHBOURS])
        if self.moments is not None:
            truth = self.moments.typical(truth, truth_tables, who)
        zero = torch.tensor(NO_SIGNAL if self.anchored else (0.0,) * len(CONTRASTS), device=device)[
            :, None, None
        ]
        shared = augment.shading(generator, count, 1, recipe.crop, augment.SHARED_SHADING)
        own = shared * augment.shading(generator, count, len(CONTRASTS), recipe.crop, augment.OWN_SHADING)
        images = augment.slice_profiles(generator, count, SLICES) @ lookup(tables, codes).flatten(3)
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
        random slices of `who`; the first ones with a lesion of somebody else"""
        where = torch.multinomial(self.brains[plane][who], 1, generator=generator)[:, 0]
        pasted, made = (round(share * len(who)) if self.recipe.paste else 0 for share in (PASTED, GENERATED))
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
        )
        codes, lesion, inside = self.warped(planes, labels, theta)
        if pasted:
            theirs, their_lesion, their_inside = self.warped(*self.slices(donor, at, plane), theta[:pasted])
            images, lesion[:pasted] = paste(
                intensity(codes[:pasted]),
                lesion[:pasted],
                inside[:pasted],
                intensity(theirs),
                their_lesion,
                their_inside,
            )
            codes[:pasted] = recode(images, inside[:pasted])
        if made:
            some = torch.arange(pasted, pasted + made, device=who.device)
            some = some[self.present[who[some], T1]]
            images, lesion[some] = generate(generator, intensity(codes[some]), lesion[some], inside[some])
            codes[some] = recode(images, inside[some])
        return codes, lesion, inside

    def noise(self, generator: torch.Generator, like: Tensor) -> Tensor:
        """-> noise of random strength a sample and contrast, cut at random from a fixed stretch of random
        numbers: fresh ones would cost a processor as much as all other augmentation"""
        if self.bank is None or len(self.bank) < 2 * like.numel():
            self.bank = normal(generator, 2 * like.numel())
        start = int(torch.randint(like.numel(), (1,), generator=generator, device=like.device))
        strength = augment.NOISE * uniform(generator, *like.shape[:2], 1, 1, 1)
        return strength * self.bank[start : start + like.numel()].view(like.shape)

    def donors(self, generator: torch.Generator, plane: int, who: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        """-> who gives a lesion, at which slice, and the recipients' slices at the same relative place of
        the brain"""
        table = self.lesions[plane]
        drawn = torch.multinomial(table.sum(1).clamp(max=1), len(who), replacement=True, generator=generator)
        at = torch.multinomial(table[drawn], 1, generator=generator)[:, 0]
        first, last = extent(self.brains[plane][drawn])
        share = (at - first) / (last - first).clamp(min=1)
        first, last = extent(self.brains[plane][who])
        return drawn, at, (first + share * (last - first)).round().long()

    def slices(self, who: Tensor, where: Tensor, plane: int) -> tuple[Tensor, Tensor]:
        """-> codes uint8 [S, 4, 5, 192, 192] and labels uint8 [S, 5, 192, 192] of neighbouring slices
        along the plane's axis"""
        step = torch.arange(-NEIGHBOURS, NEIGHBOURS + 1, device=who.device)
        step = torch.where(self.thick[who][:, None], 0, step[None])
        at = (where[:, None] + step).clamp(0, SIDE - 1)
        index = self.chosen[who][:, None].expand_as(at)
        images = self.patients.images.permute(0, 1, *(2 + axis for axis in AXES[plane]))
        labels = self.patients.labels.permute(0, *(1 + axis for axis in AXES[plane]))
        return images[index, :, at].transpose(1, 2), labels[index, at]

    def warped(self, planes: Tensor, labels: Tensor, theta: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        """-> codes uint8 [S, 4, 5, crop, crop], lesion labels uint8 and brain bool [S, 5, crop, crop]"""
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
        """present bool [S, 4] -> bool [S, 4], at least one of those present, and never all four"""
        missing = 1 + torch.multinomial(
            torch.tensor(FEWER, device=present.device), len(present), replacement=True, generator=generator
        )
        wanted = (len(CONTRASTS) - missing).clamp(min=1).minimum((present.sum(1) - 1).clamp(min=1))
        order = (uniform(generator, *present.shape) * present).argsort(1, descending=True).argsort(1)
        return (order < wanted[:, None]) & present

    def tones_known(self, sources: Tensor) -> Tensor:
        """-> bool [S, 4]: a contrast whose tones a source of the same group shows"""
        groups = torch.tensor(GROUPS, device=sources.device)
        same = (groups[:, None] == groups[None]).float()
        return (sources.float() @ same) > 0

    def weights(
        self, generator: torch.Generator, who: Tensor, sources: Tensor, labels: Tensor, brain: Tensor
    ) -> Tensor:
        """-> [S, 5, crop, crop]. The last channel leaves out what enhances, or may: all of a lesion of which
        only the whole is known, and patients whom nobody segmented."""
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


class Moments:
    """Mean and standard deviation in the brain of every patient's contrasts, for patients whose
    intensities are not anchored: there the truth is brought to what is typical of its contrast, lesion
    included."""

    def __init__(self, patients: Patients, chosen: list[int]):
        rows = []
        for i in chosen:
            brain = patients.labels[i] >= BRAIN
            rows.append(
                torch.stack(
                    [
                        torch.bincount(image[brain].long(), minlength=augment.CODES)
                        for image in patients.images[i]
                    ]
                )
            )
        self.codes = torch.stack(rows).float()
        self.codes /= self.codes.sum(-1, keepdim=True).clamp(min=1)
        present = torch.tensor(
            [patients.records[i].present for i in chosen], device=self.codes.device
        ).float()
        mean, std = self.measure(self.codes, plain_table(self.codes.device))
        self.mean, self.std = ((v * present).sum(0) / present.sum(0).clamp(min=1) for v in (mean, std))

    @staticmethod
    def measure(codes: Tensor, tables: Tensor) -> tuple[Tensor, Tensor]:
        """shares of the codes and tables [..., 4, 256] -> mean and standard deviation [..., 4]"""
        mean = (codes * tables).sum(-1)
        return mean, ((codes * (tables - mean[..., None]).square()).sum(-1)).sqrt().clamp(min=1e-3)

    def typical(self, truth: Tensor, tables: Tensor, who: Tensor) -> Tensor:
        """truth [S, 4, H, W] that went through `tables` [S, 4, 256] -> the same with the typical moments"""
        mean, std = self.measure(self.codes[who], tables)
        slope = (self.std / std)[..., None, None]
        return (truth - mean[..., None, None]) * slope + self.mean[:, None, None]


def centres(generator: torch.Generator, labels: Tensor, crop: int) -> Tensor:
    """labels [S, 192, 192] -> [S, 2], random row and column of a crop that covers as much brain as it can,
    and reaches over the brain's edge by BEYOND at most where the brain is larger"""
    inside = labels >= BRAIN
    box = torch.stack([torch.stack(extent(inside.any(axis).float()), 1) for axis in (2, 1)], 1).float()
    middle, half = box.mean(2), (box[..., 1] - box[..., 0]) / 2  # [S, 2], rows and columns
    reach = (half - crop / 2 + BEYOND).clamp(min=BEYOND / 2)
    return middle + (2 * uniform(generator, len(labels), 2) - 1) * reach


def extent(slices: Tensor) -> tuple[Tensor, Tensor]:
    """[S, n] of 0 and 1 -> first and last index of a 1 in each row"""
    return slices.argmax(1), slices.shape[1] - 1 - slices.flip(1).argmax(1)


def lookup(tables: Tensor, codes: Tensor) -> Tensor:
    """tables [S, 4, 256], codes uint8 [S, 4, ...] -> intensities of the same shape"""
    return tables.gather(2, codes.flatten(2).long()).view(codes.shape)


def recode(images: Tensor, inside: Tensor) -> Tensor:
    """intensity [S, 4, 5, H, W] and brain [S, 5, H, W] -> uint8 code"""
    return ((images * 199 + 1).round().clamp(1, 255) * inside.unsqueeze(1)).to(torch.uint8)
