"""The trained networks as ONNX files, in single and half precision, and the manifest that describes them."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn

from ....common.bundle import DOMAIN, FORMAT, Network, write_manifest, write_networks
from ....common.conv_norm import fuse
from ....common.step_training import load_average
from . import CEILING, CONTRASTS, NEIGHBOURS
from .card import write_card
from .config import Config
from .cunet import CUNet
from .diffusion import MAX_PERIOD, alpha_bar, ddim_timesteps
from .mdn import Mdn
from .mix import Mix, identity_mix, load_mix
from .mrm import MrmEncoder
from .train_cunet import cunet_file
from .train_mdn import mdn_file
from .train_mrm import load_encoder
from .unet import UNet


def mrm_network(config: Config, encoder: nn.Module) -> Network:
    """image [S, 3, H, W] -> tokens [S, T, D]"""
    return Network(
        encoder,
        {"image": torch.rand(config.grid.slab, 2 * NEIGHBOURS + 1, config.grid.size, config.grid.size)},
        ["tokens"],
    )


def mdn_network(config: Config, mdn: nn.Module) -> Network:
    """noisy [S, T, D], time [S, E], condition [S, T, 4 D], availability [S, 4] -> clean [S, T, D]"""
    slab, count, channels = config.grid.slab, config.token_count, config.tokens.channels
    inputs = {
        "noisy": torch.randn(slab, count, channels),
        "time": torch.randn(slab, config.mdn.embedding),
        "condition": torch.randn(slab, count, len(CONTRASTS) * channels),
        "availability": torch.ones(slab, len(CONTRASTS)),
    }
    return Network(mdn, inputs, ["clean"])


class ShippedDecoder(nn.Module):
    """The decoder as a graph: feature maps as separate inputs, the prediction mixed with the sources."""

    def __init__(self, decoder: nn.Module, mix: np.ndarray):
        super().__init__()
        self.decoder, self.mix = decoder, Mix(mix)

    def forward(self, *inputs: Tensor) -> tuple[Tensor, Tensor]:
        """f0 ... fN, tokens, certainty, target, availability -> prediction, scale"""
        *features, tokens, certainty, target, availability = inputs
        prediction, scale = self.decoder(tuple(features), tokens, certainty, target, availability)
        return self.mix(prediction, features[0], target, availability), scale


def cunet_networks(
    config: Config, encoder: nn.Module, decoder: nn.Module, mix: np.ndarray, member: int
) -> dict[str, Network]:
    """Encoder and decoder of one member by name. `decoder` takes (features, tokens, certainty, target,
    availability); `mix` [4, 16, 6] is that of mix.py."""
    slab, size, contrasts = config.grid.slab, config.grid.size, len(CONTRASTS)
    for half in (encoder, decoder):
        fuse(half)
    flags, target = torch.ones(slab, contrasts), torch.eye(contrasts)[:1].repeat(slab, 1)
    images = torch.rand(slab, contrasts * (2 * NEIGHBOURS + 1), size, size)
    with torch.no_grad():
        features = encoder(images, flags)
    names = [f"f{i}" for i in range(len(features))]
    inputs = {
        **dict(zip(names, features)),
        "tokens": torch.randn(slab, config.token_count, config.tokens.channels),
        "certainty": torch.full((slab, 1), 0.5),
        "target": target,
        "availability": flags,
    }
    return {
        f"cunet-encoder-{member}": Network(encoder, {"images": images, "availability": flags}, names),
        f"cunet-decoder-{member}": Network(ShippedDecoder(decoder, mix), inputs, ["prediction", "scale"]),
    }


def trained_networks(config: Config, run: Path) -> dict[str, Network]:
    """-> the networks of a bundle by name"""
    found = {
        f"mrm-{name}": mrm_network(config, load_encoder(config, run, c)) for c, name in enumerate(CONTRASTS)
    }
    found |= {
        f"mdn-{name}": mdn_network(config, load_average(Mdn(config), mdn_file(run, c)))
        for c, name in enumerate(CONTRASTS)
    }
    for member in range(config.members):
        cunet = load_average(CUNet(config), cunet_file(run, member))
        found |= cunet_networks(config, cunet.encoder, cunet.decoder, load_mix(run), member)
    return found


def untrained_networks(config: Config) -> dict[str, Network]:
    """-> the networks of a bundle with one member by name, with random weights, to measure speed"""
    cunet, mrm, mdn = CUNet(config).eval(), MrmEncoder(config).eval(), Mdn(config).eval()
    found = {f"mrm-{name}": mrm_network(config, mrm) for name in CONTRASTS} | {
        f"mdn-{name}": mdn_network(config, mdn) for name in CONTRASTS
    }
    return found | cunet_networks(config, cunet.encoder, cunet.decoder, identity_mix(), 0)


class Unconditioned(nn.Module):
    """The plain U-Net's decoder with the inputs of the C-UNet; it ignores the tokens."""

    def __init__(self, decoder: nn.Module):
        super().__init__()
        self.decoder = decoder

    def forward(
        self,
        features: tuple[Tensor, ...],
        tokens: Tensor,
        certainty: Tensor,
        target: Tensor,
        availability: Tensor,
    ) -> tuple[Tensor, Tensor]:
        prediction, scale = self.decoder(features, target, availability)
        return prediction + 0 * (tokens.mean() + certainty.mean()), scale


def manifest(config: Config, written: dict[str, Any]) -> dict[str, Any]:
    """-> the manifest, without metrics: those of earlier weights no longer hold"""
    timesteps = ddim_timesteps(config.mdn.diffusion_steps, config.mdn.ddim_steps)
    return {
        "format": FORMAT,
        "id": config.id,
        "version": config.version,
        "name": config.name,
        "method": "cdm",
        **asdict(config.about),
        "domain": DOMAIN,
        "roles": list(CONTRASTS),
        "grid": {
            "spacing": [config.grid.spacing] * 3,
            "size": [config.grid.size] * 2,
            "slab": config.grid.slab,
            "neighbours": NEIGHBOURS,
        },
        "normalization": {
            "region": "brain",
            "lower_percentile": 0.5,
            "upper_percentile": 99.5,
            "ceiling": CEILING,
        },
        "tokens": {
            "count": config.token_count,
            "channels": config.tokens.channels,
            "step_mm": config.tokens.step_mm,
        },
        "scheduler": {
            "kind": "ddim",
            "diffusion_steps": config.mdn.diffusion_steps,
            "timesteps": timesteps,
            "alpha_bar": [float(a) for a in alpha_bar(config.mdn.diffusion_steps)[timesteps]],
            "embedding": {"size": config.mdn.embedding, "max_period": MAX_PERIOD},
        },
        "members": config.members,
        "samples": min(config.samples, config.members),
        "guidance": config.conditioning,
        "uncertainty": {"factor": {name: 1.0 for name in CONTRASTS}},
        **written,
        "metrics": {},
    }


def refresh_words(config: Config, bundle: Path) -> None:
    """Write version and texts of the configuration into an exported manifest."""
    write_manifest(
        bundle,
        json.loads((bundle / "bundle.json").read_text()) | {"version": config.version} | asdict(config.about),
    )


def export(config: Config, run: Path, bundle: Path) -> None:
    """Write the bundle that ships."""
    written = write_networks(trained_networks(config, run), bundle, config.grid.slab)
    write_manifest(bundle, manifest(config, written))
    (bundle / "evaluation.json").unlink(missing_ok=True)
    write_card(bundle)
    print_budget(config, written)


def export_plain(config: Config, run: Path, unet: UNet, shipped: Path, bundle: Path) -> None:
    """Write a bundle with a plain U-Net in place of the members of `shipped`. MRM and MDN, which do not run
    without conditioning, are described but not copied."""
    written = write_networks(
        cunet_networks(config, unet.encoder, Unconditioned(unet.decoder), load_mix(run), 0),
        bundle,
        config.grid.slab,
        half=False,
    )
    content = json.loads((shipped / "bundle.json").read_text())
    content["networks"] |= written["networks"]
    files = content["files"]
    content["files"] = {key: files.get(key, {}) | entries for key, entries in written["files"].items()}
    content["self_test"]["networks"] |= written["self_test"]["networks"]
    write_manifest(
        bundle, content | {"members": 1, "unguided": [], "samples": 1, "guidance": "none", "metrics": {}}
    )


def print_budget(config: Config, written: dict[str, Any]) -> None:
    """Print size and operations of an exported bundle."""
    described, slab = written["networks"], config.grid.slab
    kinds = {
        "mrm": "mrm-t1",
        "mdn": "mdn-t1",
        "cunet-encoder": "cunet-encoder-0",
        "cunet-decoder": "cunet-decoder-0",
    }
    cost = {kind: described[name]["flops"] for kind, name in kinds.items()}
    slices = 150 // config.grid.spacing
    keys = -(-slices * config.grid.spacing // config.tokens.step_mm) + 1
    whole = volume_flops(cost, slab, slices, keys, sources=3, steps=config.mdn.ddim_steps, samples=1)
    for precision, files in written["files"].items():
        print(f"{config.id}: {precision} {sum(f['bytes'] for f in files.values()) / 1e6:.1f} MB")
    print(
        f"{config.id}: {whole / slices / 1e9:.2f} GFLOP a slice and sample, all networks ({slices} slices, "
        "3 sources)"
    )


def volume_flops(
    flops: dict[str, int], slab: int, slices: int, keys: int, sources: int, steps: int, samples: int
) -> int:
    """-> operations of one whole volume, given those of one run of each kind of network ('mrm', 'mdn',
    'cunet-encoder', 'cunet-decoder')"""
    key_runs, slice_runs = -(-keys // slab), -(-slices // slab)
    return key_runs * (sources * flops["mrm"] + steps * samples * flops["mdn"]) + slice_runs * (
        flops["cunet-encoder"] + samples * flops["cunet-decoder"]
    )
