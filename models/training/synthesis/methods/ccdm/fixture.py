"""A tiny bundle with random weights, and what it makes of a phantom, for the engine's tests."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import torch
from torch import nn

from ... import CEILING
from .dose import SHOWN, at_dose
from .export import write_bundle
from .network import DoseNet
from .predict import draw, predict
from .recipe import Recipe

SIDE, SPACING, DEPTH = 32, 6.0, 10
TINY = Recipe(channels=(8, 12), code=8, seed=7)
DOSE = 0.2
SHOWN_DOSE = 0.6  # of the result `less`


def tiny_network() -> DoseNet:
    """-> a small network with random weights that changes the linear answer"""
    torch.manual_seed(TINY.seed)
    network = DoseNet(TINY).eval()
    nn.init.normal_(network.head.weight, std=0.2)
    return network


def phantom() -> tuple[np.ndarray, np.ndarray]:
    """-> anchored T1 and low-dose T1ce float32 [DEPTH, SIDE, SIDE]: an ellipsoid in which one half takes up
    agent"""
    z, y, x = np.meshgrid(*(np.linspace(-1, 1, n) for n in (DEPTH, SIDE, SIDE)), indexing="ij")
    radius = np.sqrt((x / 0.75) ** 2 + (y / 0.9) ** 2 + (z / 1.2) ** 2)
    t1 = 0.5 + 0.2 * np.cos(4 * radius) * np.sin(3 * y - z)
    low = t1 + 0.05 * (1 + np.sin(5 * x)) * (y > 0) + 0.01 * np.cos(9 * x + 7 * y)
    inside = radius < 1
    return tuple(  # type: ignore[return-value]
        np.where(inside, np.clip(v, 0.02, CEILING), 0).astype(np.float32) for v in (t1, low)
    )


def write_fixture(about: Path, bundles: Path, fixtures: Path) -> None:
    """Write the bundle that `about` describes, and in a folder of its name the phantom, and the mean,
    expected error and a sample by PyTorch in single precision, of a dose of `DOSE`, and the mean as after a
    dose of `SHOWN_DOSE`."""
    texts = json.loads(about.read_text())
    network = tiny_network()
    write_bundle(
        network,
        texts,
        bundles / texts["id"],
        side=SIDE,
        spacing=SPACING,
        where=lambda *_: True,  # it would pay nowhere, and nothing would test it
    )
    t1, low = (torch.from_numpy(v) for v in phantom())
    brain = t1 > 0
    white = torch.randn(t1.shape)
    mean, scale = predict(network, t1, low, brain, DOSE)
    sample = draw(network, t1, low, brain, DOSE, white)
    less = at_dose(t1, mean, torch.tensor(SHOWN_DOSE), SHOWN)
    folder = fixtures / texts["id"]
    folder.mkdir(parents=True, exist_ok=True)
    for name, value in {
        "input": torch.stack([t1, low]),
        "mean": mean,
        "spread": scale,
        "noise": white,
        "sample": sample,
        "less": less,
    }.items():
        value.numpy().astype("<f4").tofile(folder / f"{name}.f32")
