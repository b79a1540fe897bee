"""The networks of a run as a bundle that the engine runs: ONNX graphs in single and half precision, and the
manifest."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn

from ... import CONTRASTS, FLAIR, LABELS, SIDE, T1, T1CE, T2
from ...common.bundle import DOMAIN, FORMAT, Network, write_manifest, write_networks
from ...common.conv_norm import fuse
from ...common.tables import NAMES
from ...common.weights import load_half, weights_file
from ...common.winograd import Pays, pays
from ...data.codes import NO_SIGNAL, WHITE_MATTER
from ...data.normalization import normalization as described
from ...data.prepare import DESHADED
from ...data.shading import LEVELS
from ...data.target_shading import LIKE
from .cunet import NEIGHBOURS, PLANES, SLICES, CUNet
from .export_diffusion import Sampling, sampling_manifest, sampling_networks
from .latent_batches import UNKNOWN
from .latents import LIMIT
from .mdn import Mdn
from .mrm import Tokenizer
from .predict import SLAB
from .recipe import Recipe, recipe_of
from .residuals import Projection, projection_file

METHOD = "cdm"
STUDENT = "student"
LIKELY = 0.5  # probability of a lesion above which enhancement cannot be told
NOT_PREDICTED = "Enhancement is not predicted: lesions are shown without it."
CANNOT_BE_TOLD = "A probable lesion: whether it enhances cannot be told."


class Shipped(nn.Module):
    """The C-UNet for axial slices as a graph: images [S, 20, H, W] and availability [S, 4] -> mean and scale
    [S, 4, H, W], intensity, the probabilities of `LABELS` [S, 5, H/2, W/2], and with a `projection` the
    features that MDN is conditioned on, [S, F, H/8, W/8].

    `enhancement`: whether the T1ce is the one that was trained with enhancing voxels.
    """

    plane: Tensor

    def __init__(self, network: CUNet, enhancement: bool, projection: Projection | None = None):
        super().__init__()
        self.network, self.enhancement, self.project = network, enhancement, None
        if projection:
            kept, channels = projection.weight.shape
            self.project = nn.Conv2d(channels, kept, 1)
            self.project.weight.data = projection.weight[:, :, None, None].clone()
            assert self.project.bias is not None
            self.project.bias.data = projection.bias.clone()
        self.register_buffer("plane", torch.eye(len(PLANES))[:1])

    def forward(self, images: Tensor, availability: Tensor) -> tuple[Tensor, ...]:
        found = self.network(images, availability, self.plane.expand(len(images), -1))
        shown = self.shown(found.mean), self.shown(found.scale), found.lesion.softmax(1)
        return (*shown, self.project(found.features).clamp(-LIMIT, LIMIT)) if self.project else shown

    def shown(self, outputs: Tensor) -> Tensor:
        """[S, 5, H, W] -> [S, 4, H, W] in the order of `CONTRASTS`"""
        if self.enhancement:
            return outputs[:, : len(CONTRASTS)]
        other = outputs[:, len(CONTRASTS) :]
        return torch.cat([outputs[:, :T1CE], other, outputs[:, T1CE + 1 : len(CONTRASTS)]], 1)


def shipped_network(
    network: CUNet, enhancement: bool, side: int, projection: Projection | None = None
) -> Network:
    """-> the network with example inputs of one slab of side x side pixels; changes it"""
    network.eval()
    fuse(network)
    inputs = {
        "images": torch.rand(SLAB, len(CONTRASTS) * SLICES, side, side),
        "availability": torch.ones(SLAB, len(CONTRASTS)),
    }
    outputs = ["mean", "scale", "lesion", *(["features"] if projection else [])]
    return Network(Shipped(network, enhancement, projection), inputs, outputs)


def chosen_names(run: Path) -> list[str]:
    """-> the student of a run, else all members. Raises ValueError if there are none."""
    if weights_file(run, STUDENT).exists():
        return [STUDENT]
    members = sorted(f.name.removesuffix(".half.pt") for f in run.glob("member-?.half.pt"))
    if not members:
        raise ValueError(f"{run}: neither a student nor members. Train them first.")
    return members


def trained_networks(run: Path, recipe: Recipe, names: list[str]) -> list[CUNet]:
    """-> the named C-UNets of a run. Raises ValueError for one that is not there."""
    networks = []
    for name in names:
        file = weights_file(run, name)
        if not file.exists():
            raise ValueError(f"{file} does not exist. Train it first, or name another network.")
        network = CUNet(recipe, recipe.student_channels if name.startswith(STUDENT) else None)
        load_half(network, file)
        networks.append(network)
    return networks


def trained_sampling(run: Path, name: str) -> Sampling | None:
    """-> what draws samples around a C-UNet of a run; None where MDN was not trained, or not for it"""
    files = [weights_file(run, "mrm"), weights_file(run, "mdn"), projection_file(run, name)]
    if not all(file.exists() for file in files):
        return None
    tokenizer = load_half(Tokenizer(), files[0])
    projection = Projection.read(files[2])
    mdn = load_half(Mdn(len(projection.weight), UNKNOWN), files[1])
    assert isinstance(tokenizer, Tokenizer) and isinstance(mdn, Mdn)
    return Sampling(tokenizer, mdn, projection)


def error_factors(run: Path, enhancement: bool) -> dict[str, float]:
    """-> by contrast what makes the networks' guess of their error right on average over the training
    patients, out of fold (`evaluate`, each target from all others); 1 where nothing was measured"""
    file = run / "evaluation" / "train-all-others.json"
    rows = json.loads(file.read_text())["rows"] if file.exists() else []
    factors = {}
    for name, shown in zip(CONTRASTS, names_of(enhancement), strict=True):
        ratios = [row["scale_ratio"] for row in rows if row["target"] == shown]
        factors[name] = round(1 / float(np.mean(ratios)), 3) if ratios else 1.0
    return factors


def names_of(enhancement: bool) -> list[str]:
    """-> the predictions that are shown, as `common.tables` calls them"""
    return [
        NAMES[len(CONTRASTS)] if c == T1CE and not enhancement else NAMES[c] for c in range(len(CONTRASTS))
    ]


def normalization() -> dict[str, Any]:
    """-> the preparation of `data.prepare` as the engine does it"""
    return described(
        [([CONTRASTS[c] for c in contrasts], contrasts[0]) for contrasts in ((T1, T1CE), (T2,), (FLAIR,))],
        {CONTRASTS[c]: level for c, level in LEVELS.items()},
        {
            CONTRASTS[target]: {"like": CONTRASTS[partner], "share": share, "no_signal": NO_SIGNAL[target]}
            for target, (partner, share) in LIKE.items()
        },
    )


def without_enhancement() -> dict[str, Any]:
    """-> what a manifest says where the T1ce was trained without enhancing voxels"""
    return {
        "targets": {CONTRASTS[T1CE]: {"default": False, "caution": NOT_PREDICTED}},
        "indeterminate": {CONTRASTS[T1CE]: {"above": LIKELY, "text": CANNOT_BE_TOLD}},
    }


def write_bundle(
    networks: list[CUNet],
    about: Mapping[str, Any],
    bundle: Path,
    *,
    enhancement: bool,
    sampling: Sampling | None = None,
    factors: Mapping[str, float] | None = None,
    side: int = SIDE,
    spacing: float = 1.0,
    where: Pays = pays,
) -> dict[str, Any]:
    """Write the bundle -> its manifest

    about: id, version and texts of the manifest; enhancement: see `Shipped`; sampling: what
    draws samples, if anything; factors: see `error_factors`; side: pixels of a slice, of `spacing` mm; where:
    the convolutions to rewrite for WebAssembly.
    """
    named = {
        f"cunet-{i}": shipped_network(
            network, enhancement, side, sampling.projection if sampling and i == 0 else None
        )
        for i, network in enumerate(networks)
    }
    if sampling:
        named |= sampling_networks(sampling, SLAB, side)
    manifest = {
        "format": FORMAT,
        "method": METHOD,
        "domain": DOMAIN,
        **about,
        "roles": list(CONTRASTS),
        "grid": {"spacing": [spacing] * 3, "size": [side] * 2, "slab": SLAB, "neighbours": NEIGHBOURS},
        "normalization": normalization(),
        "white_matter": dict.fromkeys(CONTRASTS, WHITE_MATTER),
        "members": len(networks),
        "lesions": list(LABELS),
        "uncertainty": {"factor": factors or dict.fromkeys(CONTRASTS, 1.0)},
    }
    if sampling:
        manifest["diffusion"] = sampling_manifest(sampling.mdn)
    if not enhancement:
        manifest |= without_enhancement()
    manifest |= {**write_networks(named, bundle, SLAB, where=where), "metrics": {}}
    write_manifest(bundle, manifest)
    return manifest


def export(run: Path, about: Path, bundles: Path, names: list[str], enhancement: bool) -> None:
    """Write the bundle that `about` describes from the weights of a run, and print its size and cost."""
    texts = json.loads(about.read_text())
    recipe = recipe_of(run)
    if recipe.variant not in DESHADED:
        raise ValueError(f"{run}: trained on '{recipe.variant}', but the engine removes the shading.")
    bundle = bundles / texts["id"]
    chosen = names or chosen_names(run)
    manifest = write_bundle(
        trained_networks(run, recipe, chosen),
        texts,
        bundle,
        enhancement=enhancement,
        sampling=trained_sampling(run, chosen[0]),
        factors=error_factors(run, enhancement),
    )
    size = sum(entry["bytes"] for files in manifest["files"].values() for entry in files.values())
    cost = sum(n["flops"] for name, n in manifest["networks"].items() if name.startswith("cunet")) / SLAB
    print(f"{texts['id']}: {size / 1e6:.1f} MB in all, {cost / 1e9:.2f} GFLOP a slice")
