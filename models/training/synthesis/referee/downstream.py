"""Downstream value of a synthetic contrast: Dice of the referee with four acquired contrasts, with one of
them synthetic, and with that one blank. If the second is not above the third, the synthetic contrast adds
nothing that the referee can use."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn
from tqdm import tqdm

from .. import CEILING, CONTRASTS, ENHANCING, MS, NECROSIS, OEDEMA, THICK
from ..common.bootstrap import Interval, difference, interval
from ..common.files import write_json
from ..common.lesions import dice, most_likely
from ..common.looks import record_look
from ..common.prediction import Predictor
from ..data.patients import BRAIN, Patients, intensity
from .network import MULTIPLE, network_input
from .train import neighbours

BATCH = 16
REGIONS = {
    "whole": (NECROSIS, OEDEMA, ENHANCING),
    "core": (NECROSIS, ENHANCING),
    "enhancing": (ENHANCING,),
    "ms": (MS,),
}
"""Regions that Dice is computed of, as sets of labels."""

CONDITIONS = ("acquired", "synthetic", "blank")
Scores = dict[str, Any]
"""{"patient", "group", "acquired": {region: Dice}, "synthetic" and "blank": {target: {region: Dice}}};
None without the region"""


@torch.inference_mode()
def segment(
    referees: Sequence[nn.Module], images: Tensor, brain: Tensor, available: Sequence[bool], thin: bool
) -> Tensor:
    """Referees, float intensity [4, D, Y, X], brain [D, Y, X], which contrasts the referees may see, whether
    slices are thin enough to use neighbours -> mean probabilities of LABELS, float [5, D, Y, X]; "none"
    outside the brain"""
    depth, device = images.shape[1], images.device
    rows, columns = (span(brain.any(0).any(axis), brain.shape[2 - axis]) for axis in (1, 0))
    z = torch.arange(depth, device=device)
    around = neighbours(
        z,
        torch.tensor([[0, depth - 1]], device=device).expand(depth, 2),
        torch.full((depth,), int(thin), device=device),
    )
    seen = torch.tensor(list(available), device=device)
    result = images.new_zeros((5, *brain.shape))
    result[0] = 1
    for part in z[brain.flatten(1).any(1)].split(BATCH):
        shown = images[:, around[part]][..., rows, columns].transpose(0, 1)  # [B, 4, 3, y, x]
        x = network_input(shown, seen.expand(len(part), 4)).contiguous(memory_format=torch.channels_last)
        with torch.autocast(device.type, torch.bfloat16):
            logits = [referee(x)[0] for referee in referees]
        mean = torch.stack([each.float().softmax(1) for each in logits]).mean(0)
        inside = brain[part][:, rows, columns][:, None]
        none = torch.zeros_like(mean)
        none[:, 0] = 1
        result[:, part, rows, columns] = torch.where(inside, mean, none).transpose(0, 1)
    return result


def span(seen: Tensor, size: int) -> slice:
    """bool [N] along one axis of `size` voxels -> the range that it covers, extended to a MULTIPLE. Raises
    ValueError if the axis is too short."""
    where = seen.nonzero()[:, 0]
    first, last = int(where[0]), int(where[-1])
    length = math.ceil((last + 1 - first) / MULTIPLE) * MULTIPLE
    if length > size:
        raise ValueError(
            f"An axis of {size} voxels is too short for a brain of {last + 1 - first}: it needs {length}."
        )
    start = min(max(0, (first + last + 1 - length) // 2), size - length)
    return slice(start, start + length)


def overlaps(probabilities: Tensor, labels: np.ndarray) -> dict[str, float | None]:
    """Probabilities [5, D, Y, X], labels [D, Y, X] -> Dice by region; None if the patient lacks the region"""
    found = most_likely(probabilities.cpu().numpy())
    return {
        name: dice(np.isin(found, members), np.isin(labels, members))
        if np.isin(labels, members).any()
        else None
        for name, members in REGIONS.items()
    }


def score_patient(
    referees: Sequence[nn.Module], predictors: Sequence[Predictor], patients: Patients, index: int
) -> Scores:
    """-> Dice of one patient under every condition, for the contrasts that may be a target"""
    record = patients.records[index]
    codes = patients.labels[index, record.slices]
    brain, labels = codes >= BRAIN, (codes & (BRAIN - 1)).cpu().numpy()
    images = intensity(patients.images[index, :, record.slices])
    thin = record.slice_spacing <= THICK
    scores: Scores = {
        "patient": record.id,
        "group": record.group,
        "acquired": overlaps(segment(referees, images, brain, record.present, thin), labels),
        "synthetic": {},
        "blank": {},
    }
    for target in (c for c in range(4) if record.present[c] and record.target[c]):
        sources = tuple(c for c in range(4) if record.present[c] and c != target)
        generated = torch.stack(
            [predict(patients, index, sources).mean[target] for predict in predictors]
        ).mean(0)
        replaced = images.clone()
        replaced[target] = generated.to(images).clamp(0, CEILING) * brain
        scores["synthetic"][CONTRASTS[target]] = overlaps(
            segment(referees, replaced, brain, record.present, thin), labels
        )
        without = [c in sources for c in range(4)]
        scores["blank"][CONTRASTS[target]] = overlaps(segment(referees, images, brain, without, thin), labels)
    return scores


def measure_downstream(
    referees: Mapping[int, nn.Module],
    predictors: Mapping[int, Predictor],
    patients: Patients,
    run: Path,
    *,
    split: str = "train",
    why: str | None = None,
) -> dict[str, Any]:
    """Referees and predictors by the fold they were trained without, prepared patients -> the summary.

    Uses segmented patients of the split with all four contrasts; one of "train" with referee and predictor
    of its fold, one of "val" with the mean of all. Writes `<run>/downstream/<split>/`, one JSON file per
    patient, which a second call reads again (remove it after a new training), and
    `<run>/downstream/<split>.json` and `.md`. Split "val" needs a reason, `why`, which is recorded. Raises
    ValueError for other splits and for a missing fold.
    """
    if split not in ("train", "val"):
        raise ValueError(f"Split {split!r} was trained on by every referee; measure 'train' or 'val'.")
    chosen = patients.where(lambda r: r.split == split and r.segmented and all(r.present))
    if not chosen:
        raise ValueError(f"No segmented patient with four contrasts in split {split!r}.")
    if split == "val":
        record_look(f"referee on {run.name}", why)
    folder = run / "downstream" / split
    folder.mkdir(parents=True, exist_ok=True)
    scores: list[Scores] = []
    for index in tqdm(chosen, desc=f"downstream {split}", mininterval=10):
        record = patients.records[index]
        file = folder / f"{record.id}.json"
        if not file.exists():
            folds = sorted(referees) if split == "val" else [record.fold]
            if any(fold not in referees or fold not in predictors for fold in folds):
                raise ValueError(
                    f"{record.id} needs referee and predictor of fold {folds}; train them first."
                )
            found = score_patient(
                [referees[f] for f in folds], [predictors[f] for f in folds], patients, index
            )
            write_json(file, found)
        scores.append(json.loads(file.read_text()))
    summary = summarize(scores)
    write_json(folder.with_suffix(".json"), {"summary": summary, "patients": scores})
    folder.with_suffix(".md").write_text(markdown(summary, split))
    return summary


def summarize(scores: Sequence[Scores]) -> dict[str, Any]:
    """-> by target, region and condition, and for `gain` (synthetic - blank, paired): {mean, low, high,
    error, n}"""
    groups = {s["patient"]: s["group"] for s in scores}
    summary: dict[str, Any] = {}
    for target in CONTRASTS:
        with_target = [s for s in scores if target in s["synthetic"]]
        for region in REGIONS:
            dices = {
                condition: {
                    s["patient"]: value
                    for s in with_target
                    if (value := (s[condition] if condition == "acquired" else s[condition][target])[region])
                    is not None
                }
                for condition in CONDITIONS
            }
            if not dices["blank"]:
                continue
            means = {name: interval(list(by.values()), [groups[p] for p in by]) for name, by in dices.items()}
            gain = difference(dices["blank"], dices["synthetic"], groups)
            summary.setdefault(target, {})[region] = {
                name: vars(value) for name, value in (means | {"gain": gain}).items()
            }
    return summary


def markdown(summary: Mapping[str, Any], split: str) -> str:
    """-> the table in Markdown, and its conclusion"""
    lines = [
        f"# Referee, {split}",
        "",
        "Dice, mean (95 % interval, bootstrap over persons).",
        "",
        "| target | region | n | four acquired | one synthetic | that one blank | synthetic - blank |",
        "|---|---|---|---|---|---|---|",
    ]
    useful: list[str] = []
    for target, regions in summary.items():
        for region, found in regions.items():
            cells = " | ".join(Interval(**found[name]).text(3) for name in (*CONDITIONS, "gain"))
            lines.append(f"| {target} | {region} | {found['gain']['n']} | {cells} |")
            if found["gain"]["low"] > 0:
                useful.append(f"{target} ({region})")
    conclusion = (
        f"A synthetic contrast helps the referee for {', '.join(useful)}; elsewhere no gain is shown."
        if useful
        else "No synthetic contrast is shown to help the referee more than a blank one."
    )
    return "\n".join([*lines, "", conclusion]) + "\n"
