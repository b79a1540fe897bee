"""Leave-one-person-out cross-validation of brain extraction."""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import nn

from ...common.step_training import load_average
from .config import Config
from .data import Head, Stripped, session_of
from .fit_surface import Example, example, fit_surface
from .grid import resample
from .network import BrainNet, Probability
from .pipeline import (
    Predict,
    brain_of,
    dice,
    keep_all_if_stripped,
    mask_from_probability,
    mean_probability,
    probability,
    support,
    under_surface,
    whole_of,
)
from .surface import Surface
from .train import train


def predictor(model: nn.Module) -> Predict:
    """-> the network as a function on arrays"""
    network = Probability(model).eval()

    @torch.no_grad()
    def predict(images: np.ndarray) -> np.ndarray:
        return network(torch.from_numpy(images)).numpy()

    return predict


def validate(
    config: Config, heads: list[Head], stripped: list[Stripped], run: Path, only: str | None = None
) -> None:
    """Train without each person (or only without `only`), and write the scores to
    `run`/without-<person>.json."""
    for person in (
        sorted({head.person for head in heads if not head.training_only}) if only is None else [only]
    ):
        model = train(config, heads, stripped, run / f"without-{person}.pt", without=person)
        write_scores(
            score_heads([head for head in heads if head.person == person], predictor(model), config),
            person,
            run,
        )


def correct(config: Config, heads: list[Head], run: Path) -> Surface:
    """Score each person again with a surface correction that was fitted on the other persons -> the
    correction fitted on all. Fits use the networks trained without the person."""
    rule = config.surface
    assert rule, "the configuration has no surface"
    people: dict[str, list[Head]] = {}
    for head in heads:
        if not head.training_only:
            people.setdefault(head.person, []).append(head)
    networks = {
        person: predictor(
            load_average(
                BrainNet(len(config.grid.planes), config.grid.together, config.training.channels),
                run / f"without-{person}.pt",
            )
        )
        for person in people
    }

    def examples(person: str) -> list[Example]:
        found = [
            probability(head.image, networks[person], config.grid, config.input) for head in people[person]
        ]
        return [
            example(mask_from_probability(p), p, head.image, head.brain, rule, seed)
            for seed, (p, head) in enumerate(zip(found, people[person]))
        ]

    drawn = {person: examples(person) for person in people}
    for person, theirs in people.items():
        surface = fit_surface([e for other in people if other != person for e in drawn[other]], rule)
        write_scores(score_heads(theirs, networks[person], config, surface), person, run)
    return fit_surface([e for examples_ in drawn.values() for e in examples_], rule)


def write_scores(rows: list[dict[str, Any]], person: str, run: Path) -> None:
    """Write and print the scores of a person."""
    (run / f"without-{person}.json").write_text(json.dumps(rows, indent=1) + "\n")
    print(json.dumps(rows), flush=True)


def score_heads(
    heads: list[Head], predict: Predict, config: Config, surface: Surface | None = None
) -> list[dict[str, Any]]:
    """-> Dice with the supplied mask, of each contrast alone and, if a session has several, of all together;
    `under_surface`: see score_stripped"""

    def row(images: list[np.ndarray], used: list[Head]) -> dict[str, Any]:
        probable = mean_probability(images, predict, config)
        found = dice(brain_of(probable, images, surface), used[0].brain)
        return {
            "session": session_of(used[0].id),
            "contrasts": [head.contrast for head in used],
            "dice": round(found, 4),
            "under_surface": round(under_surface(probable, whole_of(images)), 3),
        }

    rows = [row([head.image], [head]) for head in heads]
    for session in sorted({session_of(head.id) for head in heads}):
        used = [head for head in heads if session_of(head.id) == session]
        used.sort(key=lambda head: head.contrast != "t1")  # the mask of the first is the truth
        if len(used) > 1:
            rows.append(
                row([resample(h.image, h.affine, used[0].image.shape, used[0].affine) for h in used], used)
            )
    return rows


def score_stripped(patients: Iterable[Stripped], predict: Predict, config: Config) -> list[dict[str, Any]]:
    """-> scores of stripped brains: `network` is the Dice of the network's mask with the voxels that are at
    least half brain, `dice` that of the whole procedure with the support, the voxels above 0, `under_surface`
    the share of probable brain close under the support's surface"""
    rows = []
    for patient in patients:
        images = {name: image.astype(np.float32) for name, image in patient.images.items()}
        probabilities = {
            name: probability(image, predict, config.grid, config.input) for name, image in images.items()
        }
        for names in [*([name] for name in images), list(images)]:
            volumes = [images[name] for name in names]
            probable = np.mean([probabilities[name] for name in names], axis=0)
            found = mask_from_probability(probable)
            whole = keep_all_if_stripped(found, probable, volumes)
            around = under_surface(probable, whole_of(volumes))
            rows.append(
                {
                    "patient": patient.id,
                    "contrasts": names,
                    "network": round(dice(found, patient.brain), 4),
                    "dice": round(dice(whole, support(volumes)), 4),
                    "under_surface": round(around, 3),
                }
            )
    return rows
