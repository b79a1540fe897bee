"""Which networks synthesize a patient that they were not trained on."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np

from ....common.step_training import load_average
from .data import Patient, fold_of
from .evaluation import Evaluation
from .export import export_plain
from .train_unet import unet_file
from .unet import UNet


@dataclass(frozen=True)
class Synthesizer:
    """A bundle, or one of its networks, by the name that the figures give it."""

    name: str
    job: dict[str, Any] = field(default_factory=dict)  # further arguments of `Evaluation.job`


BUNDLE = Synthesizer("whole bundle")


def segmented(patients: list[Patient]) -> list[Patient]:
    """-> those with a segmented lesion"""
    return [p for p in patients if p.lesion is not None and np.any(p.lesion)]


def synthesizer_of(e: Evaluation, fold: int) -> Synthesizer:
    """The network that was trained without the fold: a member of the bundle, conditioned as it ships, or,
    where there is none, the plain U-Net.

    The diffusion networks that condition a member were trained on all training patients. This does not
    improve the figures: with diffusion networks trained without the fold, bias, contrast and enhancement of
    the lesions were the same but for noise (12 patients). An unconditioned member would show lesions less
    distinctly than the bundle does.
    """
    if fold < e.config.members:
        return Synthesizer(f"member {fold}", {"samples": 1, "members": [fold]})
    bundle = e.run / "plain" / str(fold)
    export_plain(e.config, e.run, load_average(UNet(e.config), unet_file(e.run, fold)), e.bundle, bundle)
    return Synthesizer(f"plain U-Net of fold {fold}", {"samples": 1, "bundle": bundle})


def cross_validation(e: Evaluation) -> list[tuple[Patient, Synthesizer]]:
    """-> every segmented patient of validation and training, and what synthesizes it.

    Raises FileNotFoundError if a fold has neither a member nor a plain U-Net.
    """
    folds = fold_of(e.training, e.config.folds)
    left_out = segmented(e.training)
    synthesizers = {fold: synthesizer_of(e, fold) for fold in sorted({folds[p.id] for p in left_out})}
    return [(p, BUNDLE) for p in segmented(e.validation)] + [(p, synthesizers[folds[p.id]]) for p in left_out]
