"""Training examples: crops of random slices of random patients, with a simulated low-dose T1ce of a random
dose."""

from __future__ import annotations

import math
from dataclasses import dataclass

import torch
import torch.nn.functional as F
from torch import Tensor

from ... import CEILING, ENHANCING, SIDE, T1, T1CE
from ...common.sampler import TIMESTEPS, alpha_bars
from ...data.codes import WHITE_MATTER
from ...data.patients import BRAIN, Patients, intensity
from .dose import LEAST, SEQUENCES, low_dose, noise_level
from .network import NEIGHBOURS, SLICES, deviation, gain
from .recipe import Recipe

ENHANCED = 0.5  # share of the examples whose slice has enhancing tumour
ENHANCED_WEIGHT = 3.0  # added to the weight of enhancing voxels in the loss
ENOUGH = 0.02  # share of a slice that is brain
SMALLEST = 30  # enhancing pixels of such a slice
NOISE = (0.5, 4.0)  # factors on the measured noise
SHARED_GAIN, OWN_GAIN = 0.10, 0.04  # standard deviation of the logarithm of the spread's jitter
OWN_OFFSET = 0.01  # of the jitter of white matter, intensity


@dataclass(frozen=True)
class Batch:
    """S examples."""

    images: Tensor  # [S, 6, crop, crop] intensity: T1 and low-dose T1ce
    noisy: Tensor  # [S, 1, crop, crop] as `x_t`; 0 where the example learns the mean
    condition: Tensor  # [S, 2] the dose that is told, the share of signal in `noisy`
    truth: Tensor  # [S, 1, crop, crop] intensity
    weight: Tensor  # [S, 1, crop, crop] of the loss; 0 outside the brain


class Sampler:
    """Draws batches from patients. Raises ValueError without patients."""

    def __init__(self, patients: Patients, chosen: list[int], recipe: Recipe):
        if not chosen:
            raise ValueError("no patients to learn from")
        self.patients, self.recipe = patients, recipe
        self.chosen = torch.tensor(chosen)
        labels = [patients.labels[i] for i in chosen]
        brain = torch.stack([(codes >= BRAIN).sum((1, 2)) for codes in labels])
        enhancing = torch.stack([((codes & ~BRAIN) == ENHANCING).sum((1, 2)) for codes in labels])
        self.brains = (brain > ENOUGH * SIDE**2).float()
        self.enhancing = (enhancing > SMALLEST).float()
        self.noise = torch.tensor([noise_of(patients, i) for i in chosen])

    def draw(self, generator: torch.Generator) -> Batch:
        """-> a batch of random examples"""
        count = self.recipe.batch
        who, where = self.slices(generator, count)
        codes, labels = self.crops(generator, who, where)
        inside = labels >= BRAIN
        t1, t1ce = intensity(codes).unbind(1)
        dose = torch.exp(math.log(LEAST) * uniform(generator, count, 1, 1, 1))
        level = self.noise[who] * spread_over(generator, NOISE, count, 1)
        sequence = SEQUENCES[int(torch.randint(len(SEQUENCES), (1,), generator=generator))]
        low = low_dose(
            t1,
            t1ce,
            dose,
            sequence,
            (level[:, 0, None, None, None], level[:, 1, None, None, None]),
            grain(generator, t1.shape),
        )
        # real images of different doses share no noise, those of the simulation do
        t1 = t1 + 0.5 * level[:, 0, None, None, None] * grain(generator, t1.shape)
        t1, low, t1ce = jittered(generator, t1, low, t1ce)
        images = torch.cat([t1 * inside, low * inside], 1)
        told, close = self.told(generator, dose[:, :, 0, 0])
        middle = slice(NEIGHBOURS, NEIGHBOURS + 1)
        truth = t1ce[:, middle] * inside[:, middle]
        signal, noisy = self.noised(generator, images, told, truth)
        tumour = (labels[:, middle] & ~BRAIN) == ENHANCING
        weight = inside[:, middle] * (1 + ENHANCED_WEIGHT * tumour) * close[:, :, None, None]
        return Batch(images, noisy * inside[:, middle], torch.cat([told, signal], 1), truth, weight)

    def slices(self, generator: torch.Generator, count: int) -> tuple[Tensor, Tensor]:
        """-> places of patients in `chosen` and slices, both [count], the first ones with enhancing tumour"""
        tumours = round(ENHANCED * count) if self.enhancing.any() else 0
        found = []
        for table, n in ((self.enhancing, tumours), (self.brains, count - tumours)):
            if n:
                who = torch.multinomial(table.any(1).float(), n, replacement=True, generator=generator)
                found.append((who, torch.multinomial(table[who], 1, generator=generator)[:, 0]))
        return torch.cat([who for who, _ in found]), torch.cat([where for _, where in found])

    def crops(self, generator: torch.Generator, who: Tensor, where: Tensor) -> tuple[Tensor, Tensor]:
        """-> codes uint8 [S, 2, 3, crop, crop] of T1 and T1ce, label codes [S, 3, crop, crop], randomly
        mirrored; tumour in the crop where the slice has any"""
        crop = self.recipe.crop
        step = torch.arange(-NEIGHBOURS, NEIGHBOURS + 1)
        codes, labels = [], []
        for patient, z in zip(self.chosen[who].tolist(), where.tolist(), strict=True):
            near = (z + step).clamp(0, SIDE - 1)
            label = self.patients.labels[patient, near]
            middle = label[NEIGHBOURS]
            wanted = (middle & ~BRAIN) == ENHANCING
            at = torch.nonzero(wanted if wanted.any() else middle >= BRAIN)
            centre = at[int(torch.randint(len(at), (1,), generator=generator))]
            shift = torch.randint(-crop // 4, crop // 4 + 1, (2,), generator=generator)
            y, x = (centre + shift - crop // 2).clamp(0, SIDE - crop).tolist()
            window = (..., slice(y, y + crop), slice(x, x + crop))
            code = self.patients.images[patient][[T1, T1CE]][:, near][window]
            label = label[window]
            if torch.rand((), generator=generator) < 0.5:
                code, label = code.flip(-1), label.flip(-1)
            codes.append(code)
            labels.append(label)
        return torch.stack(codes), torch.stack(labels)

    def told(self, generator: torch.Generator, dose: Tensor) -> tuple[Tensor, Tensor]:
        """Doses [S, 1] of the images -> the doses that the network is told, and the weights of the examples:
        near the image's, each counted alike (hard), or less with distance (soft), or the same (none)"""
        recipe = self.recipe
        if recipe.vicinity == "none":
            return dose, torch.ones_like(dose)
        if recipe.vicinity == "hard":
            off = recipe.reach * (2 * uniform(generator, *dose.shape) - 1)
            close = torch.ones_like(dose)
        else:
            off = recipe.reach * torch.randn(dose.shape, generator=generator)
            close = torch.exp(-(off / recipe.reach).square())
        return (dose * off.exp()).clamp(LEAST / 2, 1), close / close.mean()

    def noised(
        self, generator: torch.Generator, images: Tensor, told: Tensor, truth: Tensor
    ) -> tuple[Tensor, Tensor]:
        """-> the share of signal [S, 1] and the noisy residual [S, 1, crop, crop]; both 0 for the examples
        that learn the mean"""
        t = torch.randint(TIMESTEPS, (len(told), 1), generator=generator)
        bars = alpha_bars().float()[t]
        dose = told[:, :, None, None]
        t1, low = images[:, NEIGHBOURS, None], images[:, SLICES + NEIGHBOURS, None]
        clean = (truth - t1 - gain(dose) * (low - t1)) / deviation(dose, self.recipe)
        noise = torch.randn(clean.shape, generator=generator)
        noisy = bars.sqrt()[:, :, None, None] * clean + (1 - bars).sqrt()[:, :, None, None] * noise
        diffused = (uniform(generator, len(told), 1) >= self.recipe.means).float()
        return bars.sqrt() * diffused, noisy * diffused[:, :, None, None]


def noise_of(patients: Patients, index: int) -> tuple[float, float]:
    """-> standard deviations of the noise of T1 and T1ce, in the brain's middle slices"""
    record = patients.records[index]
    middle = record.first + record.depth // 2
    some = slice(middle - 8, middle + 8)
    inside = patients.labels[index, some] >= BRAIN
    # away from the background, whose border would count as noise
    inside = F.max_pool2d((~inside)[:, None].float(), 9, stride=1, padding=4)[:, 0] == 0
    t1, t1ce = (noise_level(intensity(patients.images[index, c, some]), inside) for c in (T1, T1CE))
    return t1, t1ce


def uniform(generator: torch.Generator, *shape: int) -> Tensor:
    """-> random numbers in [0, 1)"""
    return torch.rand(shape, generator=generator)


def spread_over(generator: torch.Generator, bounds: tuple[float, float], *shape: int) -> Tensor:
    """-> random numbers between the bounds, uniform in their logarithm"""
    low, high = math.log(bounds[0]), math.log(bounds[1])
    return torch.exp(low + (high - low) * uniform(generator, *shape))


def grain(generator: torch.Generator, shape: torch.Size) -> Tensor:
    """-> noise of about variance 1 [S, n, h, w], white in some examples and smooth in others, as after
    interpolation"""
    white = torch.randn(shape, generator=generator)
    smooth = 3 * F.avg_pool2d(white, 3, stride=1, padding=1)
    share = uniform(generator, shape[0], 1, 1, 1)
    return share.sqrt() * white + (1 - share).sqrt() * smooth


def jittered(
    generator: torch.Generator, t1: Tensor, low: Tensor, t1ce: Tensor
) -> tuple[Tensor, Tensor, Tensor]:
    """The images [S, n, h, w] with other anchors: one change for all, a small one of each source"""
    count = len(t1)
    shared = (SHARED_GAIN * torch.randn(count, 1, 1, 1, generator=generator)).exp()
    changed = []
    for image, own in ((t1, OWN_GAIN), (low, OWN_GAIN), (t1ce, 0.0)):
        factor = shared * (own * torch.randn(count, 1, 1, 1, generator=generator)).exp()
        offset = OWN_OFFSET * (own > 0) * torch.randn(count, 1, 1, 1, generator=generator)
        changed.append((WHITE_MATTER + (image - WHITE_MATTER) * factor + offset).clamp(0, CEILING))
    return changed[0], changed[1], changed[2]
