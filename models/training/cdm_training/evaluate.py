"""Measure a bundle on the validation patients, and write the result into its manifest, `evaluation.json` and model card."""
from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np

from . import CONTRASTS
from .card import write_card
from .config import Config
from .data import Patient, others, subsets
from .metrics import DEFINITION, compare
from .noise import noise_maps
from .pipeline import Bundle

SEED = 1
SAMPLE_COUNTS = (1, 2, 4)

Scores = dict[str, float]


def mean(scores: list[Scores]) -> Scores:
    return {key: round(float(np.mean([s[key] for s in scores])), 4) for key in scores[0]}


def short(scores: Scores) -> Scores:
    return {key: scores[key] for key in ("psnr", "ssim")}


def best_single_source(patients: list[Patient], sources: tuple[int, ...], target: int) -> dict[str, Any]:
    """-> the acquired contrast that comes closest to the target by itself, by mean psnr"""
    found = [(mean([short(compare(p.volume(s), p.volume(target), p.brain)) for p in patients]), s) for s in sources]
    scores, source = max(found, key=lambda item: item[0]["psnr"])
    return {"contrast": CONTRASTS[source], **scores}


def evaluate(config: Config, patients: list[Patient], folder: Path) -> None:
    bundle = Bundle(folder)
    by_patient: dict[str, dict[str, Scores]] = {p.id: {} for p in patients}
    by_count: dict[str, dict[str, Scores]] = {str(k): {} for k in SAMPLE_COUNTS}
    targets: dict[str, Any] = {}
    ablation: dict[str, dict[str, Scores]] = {"without_tokens": {}, "true_tokens": {}}
    rows: list[dict[str, Any]] = []
    for target, name in enumerate(CONTRASTS):
        having = [p for p in patients if target in p.targets]
        sources = others(target)
        scores: dict[Any, list[Scores]] = {}
        for patient in having:
            volumes = np.stack([patient.volume(c) for c in range(len(CONTRASTS))]) * patient.brain
            maps = noise_maps(SEED, max(SAMPLE_COUNTS), bundle.count, bundle.channels)

            def score(used: tuple[int, ...], tokens: list[np.ndarray]) -> Scores:
                return compare(bundle.paint(volumes, used, target, tokens) * patient.brain, volumes[target], patient.brain)

            for used in subsets(sources):
                condition = bundle.condition(volumes, used)
                if used != sources:
                    scores.setdefault(used, []).append(score(used, [bundle.denoise(condition, used, target, maps[0])]))
                    continue
                samples = [bundle.denoise(condition, used, target, noise) for noise in maps]
                for k in SAMPLE_COUNTS:
                    scores.setdefault(k, []).append(score(used, samples[:k]))
                true = bundle.encode(volumes[target], target, bundle.key_slices(patient.depth))
                scores.setdefault("true_tokens", []).append(score(used, [true]))
                scores.setdefault("without_tokens", []).append(score(used, [np.zeros_like(true)]))
            by_patient[patient.id][name] = short(scores[config.samples][-1])
            print(f"{name} {patient.id}: psnr {scores[config.samples][-1]['psnr']:.2f}, ssim {scores[config.samples][-1]['ssim']:.3f}",
                  flush=True)
        targets[name] = {"sources": [CONTRASTS[s] for s in sources], "samples": config.samples, **mean(scores[config.samples]),
                         "best_single_source": best_single_source(having, sources, target)}
        for k in SAMPLE_COUNTS:
            by_count[str(k)][name] = short(mean(scores[k]))
        for kind in ablation:
            ablation[kind][name] = short(mean(scores[kind]))
        rows += [{"target": name, "sources": [CONTRASTS[s] for s in used],
                  **short(mean(scores[1 if used == sources else used]))} for used in subsets(sources)]
    manifest = json.loads((folder / "bundle.json").read_text())
    manifest["metrics"] = {"definition": DEFINITION, "patients": len(patients), "targets": targets, "ablation": ablation}
    (folder / "bundle.json").write_text(json.dumps(manifest, indent=2) + "\n")
    (folder / "evaluation.json").write_text(json.dumps({"patients": by_patient, "samples": by_count, "rows": rows}, indent=2) + "\n")
    write_card(folder)
