"""What conditioning is worth: one member of the C-UNet with different conditioning, compared with the plain
U-Net trained as long; paired by patient."""

from __future__ import annotations

from typing import Any

import numpy as np

from ....common.step_training import load_average
from . import CONTRASTS
from .data import Patient, fold_of
from .engine import synthesize
from .evaluation import Evaluation
from .export import export_plain
from .metrics import compare
from .train_cunet import plain_file
from .unet import UNet

MEMBER = 0
UNCONDITIONED, CONDITIONED = "no guidance", "diffusion, 10 steps"  # names in evaluation.json
VARIANTS: dict[str, dict[str, Any]] = {
    UNCONDITIONED: {"conditioning": "none"},
    "diffusion, 5 steps": {"conditioning": "diffusion", "steps": 5},
    CONDITIONED: {"conditioning": "diffusion", "steps": 10},
    "diffusion, 50 steps": {"conditioning": "diffusion", "steps": 50},
    "regression to y": {"conditioning": "regression"},
    "true y": {"conditioning": "truth"},
}
PLAIN = "plain U-Net"


def table(e: Evaluation) -> dict[str, Any]:
    """Validation patients -> by target and variant: mean psnr (dB) and ssim, and the difference to the plain
    U-Net, patient by patient"""
    return compared(e, e.cases(), list(VARIANTS))


def left_out(e: Evaluation) -> dict[str, Any]:
    """As `table`, of the training patients that were held out of the member and the plain U-Net. The
    diffusion networks were trained on them, which hardly matters (cross_validation.py)."""
    folds = fold_of(e.training, e.config.folds)
    cases = [
        (p, t) for t in range(len(CONTRASTS)) for p in e.training if folds[p.id] == MEMBER and t in p.targets
    ]
    return compared(e, cases, [UNCONDITIONED, CONDITIONED])


def compared(e: Evaluation, patients: list[tuple[Patient, int]], names: list[str]) -> dict[str, Any]:
    """Patients with their targets, names of variants -> by target and variant a `summary`"""
    plain = e.run / "plain" / "longer"
    export_plain(e.config, e.run, load_average(UNet(e.config), plain_file(e.run, MEMBER)), e.bundle, plain)
    variants = {PLAIN: {"bundle": plain}, **{name: {"members": [MEMBER], **VARIANTS[name]} for name in names}}
    cases = [(name, p, t) for name in variants for p, t in patients]
    jobs = [e.job(p, t, samples=1, **variants[name]) for name, p, t in cases]
    scores: dict[str, dict[str, dict[str, dict[str, float]]]] = {
        c: {name: {} for name in variants} for c in CONTRASTS
    }
    for (name, patient, target), (job, result) in zip(cases, synthesize(jobs, e.work)):
        found = compare(result.mean, job.stack.volumes[target], job.stack.brain, brasyn=False)
        scores[CONTRASTS[target]][name][patient.id] = {key: round(found[key], 4) for key in ("psnr", "ssim")}
    return {
        target: {name: summary(by_patient, by_variant[PLAIN]) for name, by_patient in by_variant.items()}
        for target, by_variant in scores.items()
        if by_variant[PLAIN]
    }


def summary(scores: dict[str, dict[str, float]], baseline: dict[str, dict[str, float]]) -> dict[str, Any]:
    """Scores by patient, and the baseline's -> mean psnr (dB) and ssim, and the differences of psnr"""
    differences = [scores[p]["psnr"] - baseline[p]["psnr"] for p in scores]
    return {
        **{key: round(float(np.mean([s[key] for s in scores.values()])), 4) for key in ("psnr", "ssim")},
        "difference": round(float(np.mean(differences)), 3),
        "differences": {p: round(d, 3) for p, d in zip(scores, differences)},
    }
