"""A C-UNet and the network that refines its mean as a bundle that the engine runs: ONNX graphs in single and
half precision, and the manifest."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn

from ... import CONTRASTS, LABELS, SIDE, T1CE
from ...common.bundle import DOMAIN, FORMAT, Network, write_manifest, write_networks
from ...common.conv_norm import fuse
from ...common.sampler import alpha_bars
from ...common.winograd import Pays, pays
from ...data.codes import WHITE_MATTER
from ..cdm import export as prior_export
from ..cdm.cunet import NEIGHBOURS, SLICES, CUNet
from ..cdm.predict import SLAB
from .network import SPREAD, RefineNet
from .noise_level import NoiseLevels
from .predict import Sampling
from .prior import kept_prior
from .recipe import Recipe
from .train import noise_levels, trained

METHOD = "cmdm"
PRIOR, REFINE = "cunet-0", "refine"


class Shipped(nn.Module):
    """The network as a graph with its output named"""

    def __init__(self, network: RefineNet):
        super().__init__()
        self.network = network

    def forward(self, *inputs: Tensor) -> tuple[Tensor]:
        return (self.network(*inputs),)


def shipped_network(network: RefineNet, side: int) -> Network:
    """-> the network with example inputs of one slab of side x side pixels; changes it"""
    network.eval()
    fuse(network)
    inputs = {
        "images": torch.rand(SLAB, len(CONTRASTS) * SLICES, side, side),
        "availability": torch.ones(SLAB, len(CONTRASTS)),
        "prior": torch.rand(SLAB, 2, side, side),
        "noisy": torch.randn(SLAB, 1, side, side),
        "target": torch.eye(len(CONTRASTS))[[T1CE] * SLAB],
        "signal": torch.rand(SLAB, 1),
        "noise_level": torch.rand(SLAB, 1),
    }
    return Network(Shipped(network), inputs, ["residual"])


def write_bundle(
    prior: CUNet,
    network: RefineNet,
    noise_levels: NoiseLevels,
    about: Mapping[str, Any],
    bundle: Path,
    *,
    enhancement: bool,
    sampling: Sampling,
    factors: Mapping[str, Mapping[str, float]] | None = None,
    side: int = SIDE,
    spacing: float = 1.0,
    where: Pays = pays,
) -> dict[str, Any]:
    """Write the bundle -> its manifest

    about: id, version and texts of the manifest; enhancement: whether the T1ce was learned with enhancing
    voxels; factors: see `error_factors`; side: pixels of a slice, of `spacing` mm; where: the convolutions to
    rewrite for WebAssembly.
    """
    networks = {
        PRIOR: prior_export.shipped_network(prior, enhancement, side),
        REFINE: shipped_network(network, side),
    }
    bars = alpha_bars()
    manifest = {
        "format": FORMAT,
        "method": METHOD,
        "domain": DOMAIN,
        **about,
        "roles": list(CONTRASTS),
        "grid": {"spacing": [spacing] * 3, "size": [side] * 2, "slab": SLAB, "neighbours": NEIGHBOURS},
        "normalization": prior_export.normalization(),
        "white_matter": dict.fromkeys(CONTRASTS, WHITE_MATTER),
        "lesions": list(LABELS),
        "deviation": SPREAD,
        "noise_level": noise_levels.manifest(),
        "uncertainty": factors or {name: dict.fromkeys(CONTRASTS, 1.0) for name in ("paths", "prior")},
        "paths": sampling.paths,
        "cascades": sampling.cascades,
        "alpha_bar": [float(bars[t]) for t in sampling.timesteps],
    }
    if not enhancement:
        manifest |= prior_export.without_enhancement()
    manifest |= {**write_networks(networks, bundle, SLAB, where=where), "metrics": {}}
    write_manifest(bundle, manifest)
    return manifest


def error_factors(run: Path, enhancement: bool) -> dict[str, dict[str, float]]:
    """-> by contrast what makes the paths' standard deviation the expected error on average over the patients
    of the evaluation, and the same of the prior's own guess; 1 where nothing was measured"""
    file = run / "evaluation.json"
    rows = json.loads(file.read_text())["rows"] if file.exists() else []
    shown = prior_export.names_of(enhancement)

    def factor(name: str, result: str) -> float:
        ratios = [
            row["scale_ratio"]
            for row in rows
            if row["target"] == name and row["result"] == result and row["scale_ratio"]
        ]
        return round(1 / float(np.mean(ratios)), 3) if ratios else 1.0

    return {
        key: {c: factor(name, result) for c, name in zip(CONTRASTS, shown, strict=True)}
        for key, result in (("paths", METHOD), ("prior", "prior"))
    }


def export(run: Path, about: Path, bundles: Path, fold: int | None, sampling: Sampling) -> None:
    """Write the bundle that `about` describes from the networks of a run, those of all patients or those that
    were trained without a fold, and print its size and cost."""
    texts = json.loads(about.read_text())
    enhancement = Recipe.read(run / "recipe.json").enhancement
    manifest = write_bundle(
        kept_prior(run, fold),
        trained(run, fold),
        noise_levels(run, fold),
        texts,
        bundles / texts["id"],
        enhancement=enhancement,
        sampling=sampling,
        factors=error_factors(run, enhancement),
    )
    size = sum(entry["bytes"] for files in manifest["files"].values() for entry in files.values())
    once, step = (manifest["networks"][name]["flops"] / SLAB / 1e9 for name in (PRIOR, REFINE))
    steps = sampling.noises * sampling.steps
    print(
        f"{texts['id']}: {size / 1e6:.1f} MB in all, {once:.2f} GFLOP a slice for the prior, {step:.2f} a"
        f" step; {once + steps * step:.1f} with {steps} steps"
    )
