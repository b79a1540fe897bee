"""Training examples: those of the C-UNet, each with one of the contrasts that are missing, and its residual
with noise."""

from __future__ import annotations

from dataclasses import dataclass, replace

import torch
import torch.nn.functional as F
from torch import Tensor

from ... import CONTRASTS
from ...common.sampler import TIMESTEPS, alpha_bars
from ...data.patients import Patients
from ..cdm import batches as prior_batches
from ..cdm.cunet import CUNet
from ..cdm.recipe import Recipe as PriorRecipe
from .network import deviation
from .noise_level import condition, noise_level
from .prior import channel, prior_of
from .recipe import Recipe

LIMIT = 6.0  # largest residual: one lesion that the prior missed would outweigh all texture


@dataclass(frozen=True)
class Batch:
    """S examples."""

    images: Tensor  # [S, 20, crop, crop] intensity, as of the C-UNet
    availability: Tensor  # [S, 4]
    prior: Tensor  # [S, 2, crop, crop] mean and expected error
    noisy: Tensor  # [S, 1, crop, crop]
    target: Tensor  # [S, 4] one-hot
    signal: Tensor  # [S, 1]
    noise_level: Tensor  # [S, 1] of the target, as the network is given it
    clean: Tensor  # [S, 1, crop, crop] the residual that is to be found
    weight: Tensor  # [S, 1, crop, crop] of the loss; 0 outside the brain and for voxels that are not learned


class Sampler:
    """Draws batches from patients. Raises ValueError without patients."""

    def __init__(
        self,
        patients: Patients,
        chosen: list[int],
        recipe: Recipe,
        prior: CUNet,
        prior_recipe: PriorRecipe,
    ):
        # Axial slices, as the engine's, on their own pixels: all others have the texture of interpolation.
        # The noise of a patient's images tells that of the missing one.
        settings = replace(prior_recipe, planes=1, augmented=False, batch=recipe.batch, crop=recipe.crop)
        self.source = prior_batches.Sampler(patients, chosen, settings)
        self.prior = prior
        self.channels = torch.tensor([channel(c, recipe.enhancement) for c in range(len(CONTRASTS))])

    def draw(self, generator: torch.Generator) -> Batch:
        """-> a batch of random examples"""
        given = self.source.draw(generator)
        rows = torch.arange(len(given.images))
        weights = given.weight[:, self.channels]
        wanted = (given.availability == 0) & weights.flatten(2).any(2)
        target = torch.multinomial(wanted.float() + 1e-9, 1, generator=generator)[:, 0]
        channels = self.channels[target]
        prior = prior_of(self.prior, given.images, given.availability, given.plane, channels)
        inside = given.images.amax(1, keepdim=True) > 0
        unit = deviation(prior[:, 1:])
        clean = (given.truth[rows, channels][:, None] - prior[:, :1]) / unit * inside
        clean = clean.clamp(-LIMIT, LIMIT)
        level = noise_level(given.truth[rows, channels][:, None], inside)
        t = torch.randint(TIMESTEPS, (len(rows),), generator=generator)
        bars = alpha_bars().float()[t][:, None, None, None]
        noise = torch.randn(clean.shape, generator=generator)
        return Batch(
            images=given.images,
            availability=given.availability,
            prior=prior * inside,
            noisy=(bars.sqrt() * clean + (1 - bars).sqrt() * noise) * inside,
            target=F.one_hot(target, len(CONTRASTS)).float(),
            signal=bars[:, :, 0, 0].sqrt(),
            noise_level=condition(level),
            clean=clean,
            weight=(weights[rows, target] * wanted[rows, target, None, None])[:, None] * inside,
        )
