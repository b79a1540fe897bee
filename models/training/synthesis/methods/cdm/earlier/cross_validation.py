"""Which networks paint a patient that they never saw."""

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
class Painter:
    name: str
    job: dict[str, Any] = field(default_factory=dict)  # what `Evaluation.job` must be told


BUNDLE = Painter("whole bundle")


def segmented(patients: list[Patient]) -> list[Patient]:
    """-> those with a lesion that somebody outlined"""
    return [p for p in patients if p.lesion is not None and np.any(p.lesion)]


def painter_of(e: Evaluation, fold: int) -> Painter:
    """The one network that left the fold out: a member of the bundle, guided as it ships, or, where there is none, the plain U-Net.

    The diffusion networks that guide a member saw all training patients. That flatters no figure: with those that left the fold out, bias, contrast
    and enhancement of the lesions were the same but for noise (12 patients). Without guidance a member would paint them less distinct than it ships.
    """
    if fold < e.config.members:
        return Painter(f"member {fold}", {"samples": 1, "members": [fold]})
    bundle = e.run / "plain" / str(fold)
    export_plain(e.config, e.run, load_average(UNet(e.config), unet_file(e.run, fold)), e.bundle, bundle)
    return Painter(f"plain U-Net of fold {fold}", {"samples": 1, "bundle": bundle})


def cross_validation(e: Evaluation) -> list[tuple[Patient, Painter]]:
    """-> every segmented patient, of validation and of training, and who paints it. Raises FileNotFoundError where a fold has neither a member nor
    a plain U-Net."""
    folds = fold_of(e.training, e.config.folds)
    left_out = segmented(e.training)
    painters = {fold: painter_of(e, fold) for fold in sorted({folds[p.id] for p in left_out})}
    return [(p, BUNDLE) for p in segmented(e.validation)] + [(p, painters[folds[p.id]]) for p in left_out]
