"""Pictures of patients, for developers. They go to the ignored run folder and are never committed."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from matplotlib.figure import Figure

from ....common.metrics import scaled
from . import CONTRASTS
from .data import Patient
from .engine import Job, Result
from .uncertainty import error_on_line


def draw_row(path: Path, job: Job, result: Result) -> None:
    """Sources, synthetic, real, error and spread on an axial slice; synthetic and real coronal views."""
    volumes, brain = job.stack.volumes, job.stack.brain
    z, y = int(np.argmax(brain.sum((1, 2)))), brain.shape[1] // 2
    truth = scaled(volumes[job.target], brain)
    error, _ = error_on_line(result.mean, volumes[job.target], brain)
    name = CONTRASTS[job.target]
    panels = [(f"source {CONTRASTS[s]}", volumes[s, z], (0, 1), "gray") for s in job.sources]
    panels += [
        (f"SYNTHETIC {name}", scaled(result.mean, brain)[z], (0, 1), "gray"),
        (f"real {name}", truth[z], (0, 1), "gray"),
        ("error", error[z], (0, 0.4), "magma"),
        ("spread", result.spread[z], (0, 0.4), "magma"),
        (f"SYNTHETIC {name}", scaled(result.mean, brain)[::-1, y], (0, 1), "gray"),
        (f"real {name}", truth[::-1, y], (0, 1), "gray"),
    ]
    draw(path, panels, columns=5)


def draw_origin(path: Path, patient: Patient, target: int, results: list[np.ndarray]) -> None:
    """The result as it was, with the lesion filled in the sources, and with a second one inserted.

    `results`: these three, normalized float32 [Z, H, W].
    """
    lesion = np.asarray(patient.lesion) > 0
    z = int(np.argmax(lesion.sum((1, 2))))
    panels = [
        (f"{label} {CONTRASTS[target]}", image[z], (0, 1.1), "gray")
        for label, image in zip(
            ("real", "SYNTHETIC", "lesion filled:", "second lesion:"), (patient.volumes()[target], *results)
        )
    ]
    draw(path, panels + [("lesion", lesion[z], (0, 1), "gray")], columns=5)


def draw(path: Path, panels: list[tuple[str, np.ndarray, tuple[float, float], str]], columns: int) -> None:
    """Panels: title, image [H, W], its window, colour map -> a picture with so many columns"""
    rows = -(-len(panels) // columns)
    figure = Figure(figsize=(2.4 * columns, 2.6 * rows), layout="constrained")
    axes = figure.subplots(rows, columns, squeeze=False).ravel()
    for axis in axes:
        axis.axis("off")
    for axis, (title, image, (low, high), colours) in zip(axes, panels):
        axis.imshow(image, cmap=colours, vmin=low, vmax=high)
        axis.set_title(title, fontsize=9)
    path.parent.mkdir(parents=True, exist_ok=True)
    figure.savefig(path, dpi=90)
