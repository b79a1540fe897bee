"""Writes the measured figures into the bundle: `evaluation.json`, the manifest's `metrics`, and the card."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np

from ...common.bundle import open_network, write_manifest
from .card import write_card
from .config import Config
from .cross_validate import score_stripped
from .data import Stripped
from .pipeline import Predict


def onnx_predictor(bundle: Path, threads: int = 1) -> Predict:
    """-> the bundle's network on onnxruntime"""
    session = open_network(bundle, "brain", threads=threads)

    def predict(images: np.ndarray) -> np.ndarray:
        return session.run(["probability"], {"images": np.ascontiguousarray(images, np.float32)})[0]

    return predict


def evaluate(config: Config, unseen: list[Stripped], run: Path, bundle: Path) -> None:
    """Collect `run`/without-*.json and score the shipped network on the stripped patients `unseen`. Texts and
    version are those of `config`, the surface correction that of `run`/surface.json."""
    heads = [row for file in sorted(run.glob("without-*.json")) for row in json.loads(file.read_text())]
    stripped = score_stripped(unseen, onnx_predictor(bundle), config)
    manifest = json.loads((bundle / "bundle.json").read_text())
    manifest |= {"version": config.version, **config.words()}
    if config.surface:
        manifest["surface"] = json.loads((run / "surface.json").read_text())
    manifest["metrics"] = {"heads": summary(heads), "stripped": summary(stripped)}
    write_manifest(bundle, manifest)
    (bundle / "evaluation.json").write_text(
        json.dumps({"heads": heads, "stripped": stripped}, indent=1) + "\n"
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
