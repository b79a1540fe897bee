"""Prediction of a whole volume, slice by slice: the mean in one step, or a sample in several."""

from __future__ import annotations

from collections.abc import Iterator

import torch
from torch import Tensor

from ... import CEILING
from ...common.sampler import alpha_bars, sample, sampler_timesteps
from .network import NEIGHBOURS, DoseNet, Output

SLAB = 8  # slices a run
SAMPLER_STEPS = 8


def neighbourhoods(volume: Tensor) -> Tensor:
    """[D, H, W] -> every slice with its neighbours [D, SLICES, H, W]; edge slices are repeated"""
    depth = len(volume)
    at = torch.arange(depth)[:, None] + torch.arange(-NEIGHBOURS, NEIGHBOURS + 1)
    return volume[at.clamp(0, depth - 1)]


def slabs(t1: Tensor, low: Tensor) -> Iterator[Tensor]:
    """T1 and low-dose T1ce [D, H, W] -> the network's images, slab by slab"""
    images = torch.cat([neighbourhoods(t1), neighbourhoods(low)], 1)
    yield from images.split(SLAB)


def outputs(network: DoseNet, images: Tensor, noisy: Tensor, dose: float, signal: float) -> Output:
    """Run the network on a slab"""
    found: Output = network(images, noisy, torch.tensor([[dose, signal]]).expand(len(images), -1))
    return found


@torch.no_grad()
def predict(network: DoseNet, t1: Tensor, low: Tensor, brain: Tensor, dose: float) -> tuple[Tensor, Tensor]:
    """T1, low-dose T1ce and the brain [D, H, W], and the dose -> the full-dose T1ce and its expected
    absolute error, [D, H, W], 0 outside the brain"""
    found = [outputs(network, s, torch.zeros_like(s[:, :1]), dose, 0.0) for s in slabs(t1, low)]
    mean, scale = (torch.cat([getattr(o, name)[:, 0] for o in found]) for name in ("mean", "scale"))
    return mean.clamp(0, CEILING) * brain, scale * brain


@torch.no_grad()
def draw(network: DoseNet, t1: Tensor, low: Tensor, brain: Tensor, dose: float, white: Tensor) -> Tensor:
    """As `predict`, and standard normal noise [D, H, W] -> one of the images that are possible, [D, H, W]"""
    parts = zip(slabs(t1, low), white[:, None].split(SLAB), brain[:, None].split(SLAB), strict=True)
    made = torch.cat([draw_slab(network, images, inside, dose, noise) for images, noise, inside in parts])
    return made[:, 0].clamp(0, CEILING) * brain


def draw_slab(network: DoseNet, images: Tensor, inside: Tensor, dose: float, noise: Tensor) -> Tensor:
    """Images, brain [S, 1, H, W], dose and noise [S, 1, H, W] of a slab -> a sample [S, 1, H, W]: the mean of
    the sampler's last evaluation"""
    bars = alpha_bars()
    means: list[Tensor] = []

    def denoise(noisy: Tensor, t: int) -> Tensor:
        found = outputs(network, images, noisy * inside, dose, float(bars[t].sqrt()))
        means.append(found.mean)
        return found.residual

    sample(denoise, noise, sampler_timesteps(SAMPLER_STEPS))
    return means[-1]
