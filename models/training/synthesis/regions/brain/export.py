"""The trained network as an ONNX file, and the manifest that describes it. It computes only in single
precision."""

from __future__ import annotations

from pathlib import Path

import torch

from ...common.bundle import DOMAIN, FORMAT, Network, write_manifest, write_networks
from ...common.conv_norm import fuse
from ...common.step_training import load_average
from . import SPACING
from .card import write_card
from .config import Config
from .network import BrainNet, Probability


def export(config: Config, run: Path, bundle: Path) -> None:
    """`run`/brain.pt -> a bundle without metrics: those of earlier weights no longer hold."""
    grid = config.grid
    net = load_average(BrainNet(len(grid.planes), grid.together, config.training.channels), run / "brain.pt")
    assert isinstance(net, BrainNet)
    fuse(net)
    network = Network(
        Probability(net).eval(),
        {"images": torch.rand(grid.slab // grid.together, len(grid.planes), grid.size, grid.size)},
        ["probability"],
    )
    written = write_networks({"brain": network}, bundle, grid.slab, half=False)
    write_manifest(
        bundle,
        {
            "format": FORMAT,
            "id": config.id,
            "version": config.version,
            "name": config.name,
            "method": "brain-extraction",
            **config.words(),
            "domain": DOMAIN,
            "roles": config.roles,
            "grid": {
                "spacing": [SPACING] * 3,
                "size": [grid.size] * 2,
                "slab": grid.slab,
                "together": grid.together,
                "planes": list(grid.planes),
            },
            "input": vars(config.input),
            "stripped_share": config.stripped_share,
            **written,
            "metrics": {},
        },
    )
    (bundle / "evaluation.json").unlink(missing_ok=True)
    write_card(bundle)
