"""A tiny bundle with random weights, and what it makes of a phantom, for the engine's tests."""

from __future__ import annotations

import json
from pathlib import Path

import torch
from torch import nn

from ... import CONTRASTS, T1CE
from ..cdm.fixture import SIDE, SOURCES, SPACING, phantom
from ..cdm.fixture import tiny_network as tiny_prior
from ..cdm.predict import neighbourhoods
from .export import write_bundle
from .network import RefineNet
from .noise_level import NoiseLevels
from .predict import Sampling, refined, slabs_of
from .recipe import Recipe

TINY = Recipe(channels=(8, 12), code=8, seed=7)
TARGET = T1CE
FOLLOWED = 0.6  # share of the noise that the network takes for the residual
NOISE_LEVELS = NoiseLevels(
    mean=[-4.9, -4.7, -4.6, -4.4],
    covariance=[[0.3 if a == b else 0.2 for a in range(len(CONTRASTS))] for b in range(len(CONTRASTS))],
)
SAMPLING = Sampling(paths=2, steps=3, shortcut=500, cascades=2)


def tiny_network() -> RefineNet:
    """-> a small network with random weights that changes the prior, and takes some of the noise for the
    residual"""
    torch.manual_seed(TINY.seed)
    network = RefineNet(TINY).eval()
    nn.init.normal_(network.head.weight, std=0.05)
    assert network.head.bias is not None
    with torch.no_grad():
        network.head.bias[-1] += FOLLOWED
    return network


def write_fixture(about: Path, bundles: Path, fixtures: Path) -> None:
    """Write the bundle that `about` describes, and in a folder of its name the phantom, the noise of the
    paths, and the refined image, the paths' standard deviation and the prior by PyTorch in single
    precision."""
    texts = json.loads(about.read_text())
    prior, network = tiny_prior(TINY.seed), tiny_network()
    write_bundle(
        prior,
        network,
        NOISE_LEVELS,
        texts,
        bundles / texts["id"],
        enhancement=False,
        sampling=SAMPLING,
        side=SIDE,
        spacing=SPACING,
        where=lambda *_: True,  # it would pay nowhere, and nothing would test it
    )
    volumes = torch.from_numpy(phantom())
    brain = volumes[0] > 0
    given = torch.tensor([c in SOURCES for c in range(len(CONTRASTS))])
    images = neighbourhoods(volumes * given[:, None, None, None])
    slabs = slabs_of(prior, NOISE_LEVELS, images, brain, SOURCES, TARGET, enhancement=False)
    noise = torch.randn(SAMPLING.noises, *brain.shape)
    mean, spread = refined(network, slabs, noise, SAMPLING)
    folder = fixtures / texts["id"]
    folder.mkdir(parents=True, exist_ok=True)
    for name, value in {
        "input": volumes,
        "noise": noise,
        "mean": mean,
        "spread": spread,
        "prior": torch.cat([s.prior for s in slabs]).transpose(0, 1),
    }.items():
        value.contiguous().numpy().astype("<f4").tofile(folder / f"{name}.f32")
