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


def stack(patient: Patient) -> np.ndarray:
    """-> normalized volumes [4, Z, H, W], zero outside the brain"""
    return np.stack([patient.volume(c) for c in range(len(CONTRASTS))]) * patient.brain


def score_full(bundle: Bundle, patient: Patient, target: int) -> dict[str, Scores]:
    """The target from all other contrasts -> scores by number of samples ('1', '2', ...) and kind of ablation"""
    volumes, sources = stack(patient), others(target)
    condition = bundle.condition(volumes, sources)
    noise = noise_maps(SEED, max(SAMPLE_COUNTS), bundle.count, bundle.channels)
    tokens = [bundle.denoise(condition, sources, target, one) for one in noise]
    true = bundle.encode(volumes[target], target, bundle.key_slices(patient.depth))
    *samples, with_true, without = bundle.paint(volumes, sources, target, [*tokens, true, np.zeros_like(true)])
    found = {"true_tokens": with_true, "without_tokens": without, **{str(k): np.mean(samples[:k], 0) for k in SAMPLE_COUNTS}}
    return {key: compare(volume * patient.brain, volumes[target], patient.brain) for key, volume in found.items()}


def score_subset(bundle: Bundle, patient: Patient, sources: tuple[int, ...], target: int) -> Scores:
    """The target from some contrasts, with one sample"""
    volumes = stack(patient)
    return compare(bundle.synthesize(volumes, patient.brain, sources, target, SEED, samples=1), volumes[target], patient.brain)


def evaluate(config: Config, patients: list[Patient], folder: Path, threads: int = 1) -> None:
    bundle = Bundle(folder, threads)
    having = [[p for p in patients if target in p.targets] for target in range(len(CONTRASTS))]
    full: list[dict[str, dict[str, Scores]]] = [{} for _ in CONTRASTS]  # by target, patient and kind
    for target, name in enumerate(CONTRASTS):
        for patient in having[target]:
            found = full[target][patient.id] = score_full(bundle, patient, target)
            figures = ", ".join(f"{kind} {s['psnr']:.2f} / {s['ssim']:.3f}" for kind, s in found.items())
            print(f"{name} {patient.id}: {figures}", flush=True)

    def average(target: int, kind: str) -> Scores:
        return mean([found[kind] for found in full[target].values()])

    manifest = json.loads((folder / "bundle.json").read_text())
    manifest["metrics"] = {
        "definition": DEFINITION,
        "patients": len(patients),
        "targets": {name: {"sources": [CONTRASTS[s] for s in others(target)], "samples": config.samples,
                           **average(target, str(config.samples)),
                           "best_single_source": best_single_source(having[target], others(target), target)}
                    for target, name in enumerate(CONTRASTS)},
        "ablation": {kind: {name: short(average(target, kind)) for target, name in enumerate(CONTRASTS)}
                     for kind in ("without_tokens", "true_tokens")},
    }
    (folder / "bundle.json").write_text(json.dumps(manifest, indent=2) + "\n")
    write_card(folder)

    rows = [{"target": name, "sources": [CONTRASTS[s] for s in sources],
             **(short(average(target, "1")) if sources == others(target) else
                mean([short(score_subset(bundle, patient, sources, target)) for patient in having[target]]))}
            for target, name in enumerate(CONTRASTS) for sources in subsets(others(target))]
    (folder / "evaluation.json").write_text(json.dumps({
        "patients": {p.id: {name: short(full[target][p.id][str(config.samples)]) for target, name in enumerate(CONTRASTS)
                            if p.id in full[target]} for p in patients},
        "samples": {str(k): {name: short(average(target, str(k))) for target, name in enumerate(CONTRASTS)} for k in SAMPLE_COUNTS},
        "rows": rows}, indent=2) + "\n")
    write_card(folder)
