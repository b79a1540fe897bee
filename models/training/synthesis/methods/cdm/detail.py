"""How much fine detail the shipped mean gets back (`common/detail.py`): measured out of fold."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
import torch
from tqdm import tqdm

from ... import CONTRASTS, T1CE
from ...common import metrics
from ...common.detail import amplify_detail
from ...common.files import write_json
from ...common.markdown import table
from ...common.prediction import Predictor, others
from ...data.patients import BRAIN, Patients, intensity

GAINS = np.arange(0, 2.01, 0.25).tolist()
LOSS = 0.1
"""dB of psnr that detail may cost on average; some patients, with thick slices, lose more."""

Rows = dict[str, dict[float, list[tuple[float, float]]]]
FILE = "detail.json"


def measure_detail(
    predictors: Mapping[int, Predictor], patients: Patients, stored: Patients, run: Path, *, enhancement: bool
) -> dict[str, float]:
    """Predictors by the fold that they were trained without, prepared and stored patients of these folds ->
    the gain of each target: the largest that costs at most LOSS.

    `enhancement`: see `export.Shipped`. Writes `detail.json` and `detail.md` into the run.
    """
    found: Rows = {name: {gain: [] for gain in GAINS} for name in CONTRASTS}
    for index in tqdm(range(len(patients.records)), desc="detail", mininterval=10):
        record = patients.records[index]
        brain = patients.labels[index, record.slices] >= BRAIN
        for target, name in enumerate(CONTRASTS):
            if not record.present[target] or sum(record.present) < 2:
                continue
            made = predictors[record.fold](patients, index, others(target, record.present)).mean
            mean = made[len(CONTRASTS) if target == T1CE and not enhancement else target]
            acquired = intensity(stored.images[index, target, record.slices]).numpy()
            for gain in GAINS:
                found[name][gain].append(scores(mean, brain, gain, acquired))
    gains = {name: chosen(rows) for name, rows in found.items()}
    write_json(run / FILE, {"patients": len(patients.records), "gains": gains})
    (run / FILE).with_suffix(".md").write_text(report(found, gains))
    return gains


def scores(mean: torch.Tensor, brain: torch.Tensor, gain: float, acquired: np.ndarray) -> tuple[float, float]:
    """Mean [D, H, W] and brain on the processor -> psnr (dB) and sharpness against the acquired image"""
    inside = brain.numpy()
    shown = amplify_detail(mean.float(), brain, gain).clamp(min=0).numpy()
    reference = metrics.scaled(acquired, inside)
    synthetic, _ = metrics.fitted(shown, reference, inside)
    core = metrics.inner(inside)
    energies = [metrics.high_frequency_energy(volume, core) for volume in (synthetic, reference)]
    return metrics.psnr(synthetic, reference, inside), energies[0] / energies[1]


def chosen(rows: Mapping[float, Sequence[tuple[float, float]]]) -> float:
    """psnr and sharpness of each patient by gain -> the largest gain whose mean psnr is at most LOSS lower"""
    psnr = {gain: float(np.mean([figures[0] for figures in found])) for gain, found in rows.items()}
    return max(gain for gain, value in psnr.items() if value >= psnr[0] - LOSS)


def report(found: Rows, gains: Mapping[str, float]) -> str:
    """-> Markdown: psnr / sharpness of every gain, the chosen ones bold"""
    header = ["gain", *CONTRASTS]
    body = []
    for gain in GAINS:
        cells = []
        for name in CONTRASTS:
            psnr, sharpness = np.mean(found[name][gain], axis=0)
            cell = f"{psnr:.2f} / {sharpness:.2f}"
            cells.append(f"**{cell}**" if gains[name] == gain else cell)
        body.append([f"{gain:g}", *cells])
    return "\n".join(table(header, body)) + "\n"


def measured_gains(run: Path) -> dict[str, float]:
    """-> the gains that `measure_detail` chose for the run; empty where it was not called"""
    file = run / FILE
    return dict(json.loads(file.read_text())["gains"]) if file.exists() else {}
