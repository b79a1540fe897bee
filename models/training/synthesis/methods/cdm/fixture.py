"""A tiny bundle with random weights, and what it makes of a phantom, for the engine's tests."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import torch
from torch import nn

from ... import CEILING, CONTRASTS, FLAIR, LABELS, T1, T2
from .cunet import CUNet
from .export import write_bundle
from .predict import neighbourhoods, predict_slices, prediction_of
from .recipe import Recipe

SIDE, SPACING, DEPTH = 32, 6.0, 10
TINY = Recipe(channels=(8, 8, 12, 16), blocks=(1, 1, 1, 1), code=8, seed=7)
MEMBERS = 2
HEALTHY = 4.0  # logit of no lesion, so that some voxels have one and some not
SOURCES = (T1, T2, FLAIR)


def tiny_network(seed: int) -> CUNet:
    """-> a small network with random weights that mixes the sources and finds lesions in about half of the
    voxels"""
    torch.manual_seed(seed)
    network = CUNet(TINY).eval()
    nn.init.normal_(network.head.weight, std=0.1)
    nn.init.normal_(network.mix.bias, 0.3, 0.1)
    nn.init.normal_(network.head.weight[-len(LABELS) :], std=0.5)
    assert network.head.bias is not None
    with torch.no_grad():
        network.head.bias[-len(LABELS)] += HEALTHY
    return network


def phantom() -> np.ndarray:
    """-> anchored float32 [4, DEPTH, SIDE, SIDE]: an ellipsoid with another wavy texture in each contrast"""
    z, y, x = np.meshgrid(*(np.linspace(-1, 1, n) for n in (DEPTH, SIDE, SIDE)), indexing="ij")
    radius = np.sqrt((x / 0.75) ** 2 + (y / 0.9) ** 2 + (z / 1.2) ** 2)
    waves = [
        0.5 + 0.25 * np.cos((3 + c) * radius) + 0.15 * np.sin(4 * x + c) * np.cos(3 * y - c + z)
        for c in range(len(CONTRASTS))
    ]
    return np.where(radius < 1, np.clip(waves, 0.02, CEILING), 0).astype(np.float32)


def write_fixture(about: Path, bundles: Path, fixtures: Path) -> None:
    """Write the bundle that `about` describes, and in a folder of its name the phantom, and the mean,
    expected error and probabilities of lesions by PyTorch in single precision."""
    texts = json.loads(about.read_text())
    networks = [tiny_network(TINY.seed + i) for i in range(MEMBERS)]
    write_bundle(
        networks,
        texts,
        bundles / texts["id"],
        enhancement=False,
        side=SIDE,
        spacing=SPACING,
        where=lambda *_: True,  # it would pay nowhere, and nothing would test it
    )
    volumes = phantom()
    brain = torch.from_numpy(volumes[0] > 0)
    given = np.zeros_like(volumes)
    given[list(SOURCES)] = volumes[list(SOURCES)]
    images = neighbourhoods(torch.from_numpy(given))
    found = [
        prediction_of(predict_slices(network, images, SOURCES, half=False), brain) for network in networks
    ]
    shown = [0, len(CONTRASTS), 2, 3]  # the T1ce that was trained without enhancing voxels
    folder = fixtures / texts["id"]
    folder.mkdir(parents=True, exist_ok=True)
    for name, value in {
        "input": torch.from_numpy(volumes),
        "mean": torch.stack([p.mean[shown].clamp(max=CEILING) for p in found]).mean(0),
        "spread": torch.stack([p.scale[shown] for p in found]).mean(0),
        "lesion": torch.stack([p.lesion for p in found]).mean(0),
    }.items():
        value.numpy().astype("<f4").tofile(folder / f"{name}.f32")
