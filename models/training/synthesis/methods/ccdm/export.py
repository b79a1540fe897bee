"""A network of a run as a bundle that the engine runs: ONNX graphs in single and half precision, and the
manifest."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import torch
from torch import Tensor, nn

from ... import CONTRASTS, SIDE, T1, T1CE
from ...common.bundle import DOMAIN, FORMAT, Network, write_manifest, write_networks
from ...common.conv_norm import fuse
from ...common.sampler import alpha_bars, sampler_timesteps
from ...common.winograd import Pays, pays
from ...data.codes import NO_SIGNAL, WHITE_MATTER
from ...data.normalization import normalization as described
from ...data.shading import LEVELS
from .dose import DARKEST, LEAST, REST, SATURATED, SHOWN
from .network import NEIGHBOURS, SLICES, DoseNet
from .predict import SAMPLER_STEPS, SLAB
from .train import trained

METHOD = "ccdm"
NETWORK = "dose"
LOW = "t1ce-low"
ROLES = (CONTRASTS[T1], LOW, CONTRASTS[T1CE])
USUAL = 0.25
"""Dose that a target has unless somebody tells another."""


class Shipped(nn.Module):
    """The network as a graph: images [S, 6, H, W], noisy [S, 1, H, W], condition [S, 2] -> mean, scale and
    residual [S, 1, H, W], as `Output`"""

    def __init__(self, network: DoseNet):
        super().__init__()
        self.network = network

    def forward(self, images: Tensor, noisy: Tensor, condition: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        found = self.network(images, noisy, condition)
        return found.mean, found.scale, found.residual


def shipped_network(network: DoseNet, side: int) -> Network:
    """-> the network with example inputs of one slab of side x side pixels; changes it"""
    network.eval()
    fuse(network)
    inputs = {
        "images": torch.rand(SLAB, 2 * SLICES, side, side),
        "noisy": torch.randn(SLAB, 1, side, side),
        "condition": torch.rand(SLAB, 2).clamp(min=LEAST),
    }
    return Network(Shipped(network), inputs, ["mean", "scale", "residual"])


def normalization() -> dict[str, Any]:
    """-> the preparation of `data.prepare` as the engine does it"""
    return described(
        [(list(ROLES), T1)],
        {role: LEVELS[T1 if role == CONTRASTS[T1] else T1CE] for role in ROLES},
        # the low-dose image comes from the same coils and the same sequence
        {CONTRASTS[T1CE]: {"like": LOW, "share": 1.0, "no_signal": NO_SIGNAL[T1CE]}},
    )


def simulation() -> dict[str, float]:
    """-> what `dose.at_dose` needs in the engine, for results with less than the full dose"""
    return {
        "repetition": SHOWN.repetition,
        "flip": SHOWN.flip,
        "rest": REST,
        "no_signal": NO_SIGNAL[T1CE],
        "darkest": DARKEST,
        "saturated": SATURATED,
    }


def write_bundle(
    network: DoseNet,
    about: Mapping[str, Any],
    bundle: Path,
    *,
    factor: float = 1.0,
    side: int = SIDE,
    spacing: float = 1.0,
    where: Pays = pays,
) -> dict[str, Any]:
    """Write the bundle -> its manifest

    about: id, version and texts of the manifest; factor: what makes the network's guess of its error right on
    average; side: pixels of a slice, of `spacing` mm; where: the convolutions to rewrite for WebAssembly.
    """
    bars = alpha_bars()
    manifest = {
        "format": FORMAT,
        "method": METHOD,
        "domain": DOMAIN,
        **about,
        "roles": list(ROLES),
        "grid": {"spacing": [spacing] * 3, "size": [side] * 2, "slab": SLAB, "neighbours": NEIGHBOURS},
        "normalization": normalization(),
        "white_matter": {CONTRASTS[T1CE]: WHITE_MATTER},
        "sources": [CONTRASTS[T1], LOW],
        "target": CONTRASTS[T1CE],
        "dose": {"least": LEAST, "usual": USUAL},
        "simulation": simulation(),
        "uncertainty": {"factor": factor},
        "alpha_bar": [float(bars[t]) for t in sampler_timesteps(SAMPLER_STEPS)],
        **write_networks({NETWORK: shipped_network(network, side)}, bundle, SLAB, where=where),
        "metrics": {},
    }
    write_manifest(bundle, manifest)
    return manifest


def error_factor(run: Path) -> float:
    """-> what makes the network's guess of its error right on average over the patients of the evaluation;
    1 where nothing was measured"""
    file = run / "evaluation.json"
    rows = json.loads(file.read_text())["rows"] if file.exists() else []
    ratios = [row["scale_ratio"] for row in rows if row["told"] == row["dose"]]
    return round(len(ratios) / sum(ratios), 3) if ratios else 1.0


def export(run: Path, about: Path, bundles: Path, fold: int | None) -> None:
    """Write the bundle that `about` describes from the network of a run, that on all patients or one that was
    trained without a fold, and print its size and cost."""
    texts = json.loads(about.read_text())
    manifest = write_bundle(trained(run, fold), texts, bundles / texts["id"], factor=error_factor(run))
    size = sum(entry["bytes"] for files in manifest["files"].values() for entry in files.values())
    cost = manifest["networks"][NETWORK]["flops"] / SLAB
    print(f"{texts['id']}: {size / 1e6:.1f} MB in all, {cost / 1e9:.2f} GFLOP a slice and step")
