"""Writes the measured figures into the bundle: `evaluation.json`, the manifest's `metrics`, and the card."""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import numpy as np

from ...common.bundle import open_network, write_manifest
from .card import write_card
from .config import Config
from .cross_validate import score_stripped
from .data import Stripped
from .pipeline import Predict

SEEN_AS_STRIPPED = 0.99
"""Least Dice with the voxels above 0."""


def onnx_predictor(bundle: Path, threads: int = 1) -> Predict:
    """-> the bundle's network on onnxruntime"""
    session = open_network(bundle, "brain", threads=threads)

    def predict(images: np.ndarray) -> np.ndarray:
        return session.run(["probability"], {"images": np.ascontiguousarray(images, np.float32)})[0]

    return predict


def evaluate(
    config: Config, unseen: list[Stripped], thick: Iterable[Stripped], run: Path, bundle: Path
) -> None:
    """Collect `run`/without-*.json and score the shipped network on the stripped patients `unseen`, and on
    all patients as studies of thick slices, of which those are kept that were not seen as stripped. Texts and
    version are those of `config`, the surface correction that of `run`/surface.json."""
    heads = [row for file in sorted(run.glob("without-*.json")) for row in json.loads(file.read_text())]
    predict = onnx_predictor(bundle)
    stripped = score_stripped(unseen, predict, config)
    thick_slices = score_stripped(thick, predict, config)
    manifest = json.loads((bundle / "bundle.json").read_text())
    manifest |= {"version": config.version, **config.words()}
    if config.surface:
        manifest["surface"] = json.loads((run / "surface.json").read_text())
    manifest["metrics"] = {
        "heads": summary(heads),
        "stripped": summary(stripped),
        "thick_slices": summary(thick_slices),
        "under_surface": {
            "stripped": min(row["under_surface"] for row in (*stripped, *thick_slices)),
            "heads": max(row["under_surface"] for row in heads),
        },
    }
    write_manifest(bundle, manifest)
    unlike = [row for row in thick_slices if row["dice"] < SEEN_AS_STRIPPED]
    (bundle / "evaluation.json").write_text(
        json.dumps({"heads": heads, "stripped": stripped, "not_seen_as_stripped": unlike}, indent=1) + "\n"
    )
    write_card(bundle)


def summary(rows: list[dict[str, Any]]) -> dict[str, dict[str, float]]:
    """-> by contrast ('several' for more than one): count, mean and lowest Dice"""
    kinds: dict[str, list[float]] = {}
    for row in rows:
        kinds.setdefault(row["contrasts"][0] if len(row["contrasts"]) == 1 else "several", []).append(
            row["dice"]
        )
    return {
        kind: {"count": len(found), "mean": round(float(np.mean(found)), 4), "lowest": min(found)}
        for kind, found in kinds.items()
    }
