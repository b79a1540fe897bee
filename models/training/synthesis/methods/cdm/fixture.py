"""A tiny bundle with random weights, and what it makes of a phantom, for the engine's tests."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import torch
from torch import Tensor, nn

from ... import CEILING, CONTRASTS, FLAIR, LABELS, T1, T1CE, T2
from ...common.bundle import write_manifest
from ...common.prediction import Prediction
from .cunet import CUNet
from .export import write_bundle
from .export_diffusion import Sampling
from .latent_batches import CHANNELS, Batch, Statistics, condition_maps
from .latents import image_of_sample
from .lowres import BLOCK, average, coverage, key_count, key_slices, valid_cells
from .mdn import Mdn
from .mrm import Tokenizer
from .predict import neighbourhoods, predict_slices, prediction_of
from .recipe import Recipe
from .residuals import Projection

SIDE, SPACING, DEPTH = 32, 6.0, 10
TINY = Recipe(channels=(8, 8, 12, 16), blocks=(1, 1, 1, 1), code=8, seed=7)
MEMBERS = 2
HEALTHY = 4.0  # logit of no lesion, so that some voxels have one and some not
SOURCES = (T1, T2, FLAIR)
TARGET = T1CE  # of the sample
FEATURES = 8


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


def tiny_sampling(channels: int) -> Sampling:
    """-> encoders and a diffusion network with random weights, for features of so many channels"""
    torch.manual_seed(TINY.seed)
    mdn = Mdn(FEATURES, Statistics(((0.8, 0.5), (0.9, 0.6), (1.0, 0.7), (1.1, 0.8)), 12.0)).eval()
    for name, weight in mdn.named_parameters():
        if "pointwise" in name:
            nn.init.normal_(weight, std=0.1)
    projection = Projection(torch.randn(FEATURES, channels) / channels, torch.randn(FEATURES))
    return Sampling(Tokenizer().eval(), mdn, projection)


@torch.no_grad()
def sample_of(
    predictions: list[Prediction], features: Tensor, sampling: Sampling, volumes: Tensor, white: Tensor
) -> Tensor:
    """Predictions of the members, projected features of the first [D, F, h, w], the phantom [4, D, H, W],
    white noise [K, 2, h, w] -> a sample of `TARGET` [D, H, W]"""
    brain = volumes[0] > 0
    keys = key_slices(DEPTH)
    given = torch.tensor([float(c in SOURCES) for c in range(len(CONTRASTS))])
    images = volumes * given[:, None, None, None]
    mean, scale, lesion = (
        torch.stack([getattr(p, name) for p in predictions]).mean(0) for name in ("mean", "scale", "lesion")
    )
    mean, scale = mean[shown()].clamp(max=CEILING), scale[shown()]
    valid = valid_cells(coverage(brain))

    def cells(values: Tensor) -> Tensor:
        return average(values, brain).transpose(0, 1)

    inside = valid[:, None].float()
    target = [cells(values[TARGET, None]) for values in (mean, scale)]
    maps = condition_maps(target[0], target[1], cells(images), cells(lesion[1:]), given, inside)
    tokens = sampling.tokenizer(images[:, keys].transpose(0, 1), given.expand(len(keys), -1))
    latent = sampling.mdn.sample_from(
        white[None],
        Batch(
            latent=white,
            mask=inside,
            valid=inside,
            condition_maps=maps,
            features=features[keys] * inside,
            tokens=tokens * inside,
            target=torch.eye(len(CONTRASTS))[TARGET, None],
            availability=given[None],
        ),
    )[0]
    shape = average(scale[TARGET], brain)
    return (image_of_sample(mean[TARGET], shape, latent[:, 0], valid) * brain).clamp(0, CEILING)


def shown() -> list[int]:
    """-> channels of the networks that the bundle shows: the T1ce trained without enhancing voxels"""
    return [0, len(CONTRASTS), 2, 3]


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
    sampling = tiny_sampling(TINY.channels[2])
    manifest = write_bundle(
        networks,
        texts,
        bundles / texts["id"],
        enhancement=False,
        sampling=sampling,
        side=SIDE,
        spacing=SPACING,
        where=lambda *_: True,  # it would pay nowhere, and nothing would test it
    )
    # Tests of the viewer make a T1ce, which nothing proposes otherwise.
    manifest["targets"][CONTRASTS[T1CE]]["default"] = True
    write_manifest(bundles / texts["id"], manifest)
    volumes = phantom()
    brain = torch.from_numpy(volumes[0] > 0)
    given = np.zeros_like(volumes)
    given[list(SOURCES)] = volumes[list(SOURCES)]
    images = neighbourhoods(torch.from_numpy(given))
    slabs = [predict_slices(network, images, SOURCES, half=False) for network in networks]
    found = [prediction_of(slab, brain) for slab in slabs]
    features = sampling.projection(torch.cat([slab.features for slab in slabs[0]]))
    white = torch.randn(key_count(DEPTH), CHANNELS, SIDE // BLOCK, SIDE // BLOCK)
    folder = fixtures / texts["id"]
    folder.mkdir(parents=True, exist_ok=True)
    for name, value in {
        "input": torch.from_numpy(volumes),
        "mean": torch.stack([p.mean[shown()].clamp(max=CEILING) for p in found]).mean(0),
        "spread": torch.stack([p.scale[shown()] for p in found]).mean(0),
        "lesion": torch.stack([p.lesion for p in found]).mean(0),
        "noise": white,
        "sample": sample_of(found, features, sampling, torch.from_numpy(volumes), white),
    }.items():
        value.numpy().astype("<f4").tofile(folder / f"{name}.f32")
