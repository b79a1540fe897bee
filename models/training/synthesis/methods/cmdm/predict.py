"""Refinement of a whole volume, slice by slice: K paths of diffusion from the noised prior, in cascades."""

from __future__ import annotations

from dataclasses import dataclass

import torch
import torch.nn.functional as F
from torch import Tensor

from ... import CEILING, CONTRASTS
from ...common.sampler import alpha_bars, sample, sampler_timesteps
from ...data.patients import Patients
from ..cdm.cunet import PLANES, CUNet
from ..cdm.predict import SLAB, volume
from .network import RefineNet, deviation
from .noise_level import NoiseLevels, condition, levels_of
from .prior import channel, prior_of


@dataclass(frozen=True)
class Sampling:
    """How a prior is refined."""

    paths: int = 2  # whose mean is the result, and whose spread tells the error
    steps: int = 4  # evaluations on each path, at least 2
    shortcut: int = 600  # timestep that the prior is noised to, of 1000
    cascades: int = 2

    @property
    def noises(self) -> int:
        """Draws of noise for each voxel."""
        return self.cascades * self.paths

    @property
    def timesteps(self) -> list[int]:
        """Descending timesteps of a path."""
        return sampler_timesteps(self.steps, self.shortcut)


@dataclass(frozen=True)
class Slab:
    """What the network is conditioned on, for S slices."""

    images: Tensor  # [S, 20, H, W]
    availability: Tensor  # [S, 4]
    prior: Tensor  # [S, 2, H, W] mean and expected absolute error, 0 outside the brain
    target: Tensor  # [S, 4] one-hot
    brain: Tensor  # bool [S, 1, H, W]
    noise_level: Tensor  # [S, 1] of the target, as the network is given it


def refine(network: RefineNet, slab: Slab, noise: Tensor, sampling: Sampling) -> tuple[Tensor, Tensor]:
    """Standard normal noise [cascades x paths, S, 1, H, W] -> the residual [S, 1, H, W], and the standard
    deviation of the last paths, both in units of the prior's deviation"""
    bars = alpha_bars()

    def denoise(noisy: Tensor, t: int) -> Tensor:
        signal = torch.full((len(noisy), 1), float(bars[t].sqrt()))
        found: Tensor = network(
            slab.images,
            slab.availability,
            slab.prior,
            noisy * slab.brain,
            slab.target,
            signal,
            slab.noise_level,
        )
        return found

    timesteps = sampling.timesteps
    bar = float(bars[timesteps[0]])
    start = torch.zeros_like(noise[0])
    for whites in noise.split(sampling.paths):
        paths = torch.stack(
            [sample(denoise, bar**0.5 * start + (1 - bar) ** 0.5 * white, timesteps) for white in whites]
        )
        mean = paths.mean(0)
        # residual averaging, as we read it: the next cascade starts half way from what this one started with
        start = (start + mean) / 2
    spread = paths.std(0) if sampling.paths > 1 else torch.zeros_like(mean)
    return mean, spread


@torch.no_grad()
def predict_slab(network: RefineNet, slab: Slab, noise: Tensor, sampling: Sampling) -> tuple[Tensor, Tensor]:
    """-> the refined image [S, 1, H, W] and the standard deviation of its paths, intensity, 0 outside the
    brain. That deviation tells how open the texture is; it cannot doubt what the prior is sure of."""
    residual, spread = refine(network, slab, noise, sampling)
    unit = deviation(slab.prior[:, 1:])
    image = (slab.prior[:, :1] + unit * residual).clamp(0, CEILING)
    return image * slab.brain, unit * spread * slab.brain


def slabs_of(
    prior: CUNet,
    noise_levels: NoiseLevels,
    images: Tensor,
    brain: Tensor,
    sources: tuple[int, ...],
    target: int,
    enhancement: bool,
    some: slice = slice(None),
) -> list[Slab]:
    """Input of the C-UNet for every slice [D, 20, H, W], brain bool [D, H, W] -> the slabs of some slices"""
    level = condition(torch.tensor([noise_levels.of(target, levels_of(images, sources))]))
    images, brain = images[some], brain[some]
    availability = torch.zeros(1, len(CONTRASTS))
    availability[:, list(sources)] = 1
    plane = F.one_hot(torch.zeros(1, dtype=torch.long), len(PLANES)).float()
    wanted = F.one_hot(torch.tensor([target]), len(CONTRASTS)).float()
    slabs = []
    for part, inside in zip(images.split(SLAB), brain[:, None].split(SLAB), strict=True):
        count = len(part)
        given = availability.expand(count, -1)
        channels = torch.full((count,), channel(target, enhancement))
        found = prior_of(prior, part, given, plane.expand(count, -1), channels, half=False) * inside
        slabs.append(Slab(part, given, found, wanted.expand(count, -1), inside, level.expand(count, -1)))
    return slabs


def refined(
    network: RefineNet, slabs: list[Slab], noise: Tensor, sampling: Sampling
) -> tuple[Tensor, Tensor]:
    """Standard normal noise [cascades x paths, D, H, W] -> the refined volume [D, H, W] and the standard
    deviation of its paths"""
    parts = [
        predict_slab(network, slab, white, sampling)
        for slab, white in zip(slabs, noise[:, :, None].split(SLAB, 1), strict=True)
    ]
    return torch.cat([image[:, 0] for image, _ in parts]), torch.cat([sd[:, 0] for _, sd in parts])


def patient_slabs(
    prior: CUNet,
    noise_levels: NoiseLevels,
    patients: Patients,
    index: int,
    sources: tuple[int, ...],
    target: int,
    enhancement: bool,
) -> list[Slab]:
    """-> the slabs of a patient's own slices"""
    images, brain = volume(patients, index, sources)
    return slabs_of(prior, noise_levels, images, brain, sources, target, enhancement)
