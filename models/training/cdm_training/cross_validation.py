"""Which networks paint a patient that they never saw."""
from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np

from .data import Patient, fold_of
from .evaluation import Evaluation
from .export import export_plain
from .train_unet import unet_file
from .training import load_average
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
    """The one network that left the fold out: a member of the bundle or, where there is none, the plain U-Net. Without guidance, because the
    bundle's MRM and MDN saw all training patients."""
    if fold < e.config.members:
        return Painter(f"member {fold}, unguided", {"samples": 1, "members": [fold], "guidance": "none"})
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
