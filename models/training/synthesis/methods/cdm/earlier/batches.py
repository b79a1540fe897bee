"""Batches for the image networks: crops of random slices, each with a random subset of sources and a random
target."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import torch
from torch import Tensor

from . import CEILING, CONTRASTS, NEIGHBOURS
from .augment import GROUPS, geometry, intensity_tables, plain_table, shading, slice_profiles, warp
from .config import Config, Phase
from .data import Patient, availability, draw_sources, neighbourhood

SHARED_SHADING, OWN_SHADING, NOISE = 0.2, 0.06, 0.03  # strength of shading and noise
# of a voxel in a segmented lesion; with a weight on enhancement alone the network invents enhancement
LESION_WEIGHT = 2.0


@dataclass(frozen=True)
class Batch:
    """S examples; images and truth are normalized intensities."""

    images: Tensor  # [S, 12, crop, crop]
    availability: Tensor  # [S, 4]
    target: Tensor  # [S, 4] one-hot
    truth: Tensor  # [S, 1, crop, crop]
    weight: Tensor  # [S, 1, crop, crop], 0 outside the brain
    tokens: Tensor  # [S, T, D], zeros where the example has none
    certainty: Tensor  # [S, 1], how far to trust the tokens: see `Conditioning`
    origins: Tensor  # [S, 2], row and column of the crop on the token grid


class Conditioning(NamedTuple):
    """Tokens of the target for one example."""

    tokens: np.ndarray  # [T, D]
    certainty: float  # 0: none; 0.5: a sample; above 0.5 to 1: the true tokens, higher with less noise


DrawConditioning = Callable[[np.random.Generator, Patient, int, tuple[int, ...], int], Conditioning | None]
"""(rng, patient, target, sources, slice) -> tokens, or None for an unconditioned example"""


def typical_moments(patients: list[Patient]) -> np.ndarray:
    """-> float32 [4, 2], mean and standard deviation of each contrast in the brain, averaged over the
    patients that have it"""
    plain = plain_table()
    return np.array(
        [
            np.mean([moments(p.codes[c], plain) for p in patients if c in p.sources], 0)
            for c in range(len(CONTRASTS))
        ],
        np.float32,
    )


def moments(codes: np.ndarray, table: np.ndarray) -> tuple[float, float]:
    """Histogram of codes [256] and their intensities [256] -> mean and standard deviation of the intensity"""
    share = codes / codes.sum()
    mean = float(share @ table)
    return mean, max(float(share @ (table - mean) ** 2) ** 0.5, 1e-3)


def draw_batch(
    rng: np.random.Generator,
    config: Config,
    phase: Phase,
    patients: list[Patient],
    typical: np.ndarray,
    draw_conditioning: DrawConditioning | None = None,
) -> Batch:
    """-> `phase.batch` examples. The truth has the mean and standard deviation that are `typical` [4, 2] of
    its contrast: an MR image has no unit, and a patient's own percentiles cannot be predicted."""
    size, patch = config.grid.size, config.tokens.patch
    planes, maps, flags, targets, origins, lines, tokens, certainty = [], [], [], [], [], [], [], []
    for patient in (patients[i] for i in rng.integers(len(patients), size=phase.batch)):
        z, target = int(rng.choice(patient.slices)), int(rng.choice(patient.targets))
        sources = draw_sources(rng, tuple(c for c in patient.sources if c != target))
        conditioning = draw_conditioning(rng, patient, target, sources, z) if draw_conditioning else None
        rows, columns = np.nonzero(patient.brain[z])
        voxel = rng.integers(len(rows))
        origin = [
            int(np.clip(v - phase.crop // 2, 0, size - phase.crop)) // patch
            for v in (rows[voxel], columns[voxel])
        ]
        as_source, as_target = intensity_tables(rng)
        given = np.zeros((len(CONTRASTS), 2 * NEIGHBOURS + 1, size, size), np.float32)
        for contrast in sources:
            given[contrast] = slice_profiles(
                rng, as_source[contrast][neighbourhood(patient.image[contrast], z)]
            )
        shares_curve = any(GROUPS[source] == GROUPS[target] for source in sources)
        table = as_target[target] if shares_curve else plain_table()
        lesion = np.zeros((size, size), bool) if patient.lesion is None else patient.lesion[z] > 0
        planes.append(
            np.concatenate(
                [
                    given.reshape(-1, size, size),
                    np.stack([table[patient.image[target, z]], patient.brain[z], lesion]),
                ]
            )
        )
        maps.append(
            geometry(rng, size, phase.crop, (origin[0] * patch, origin[1] * patch), vary=conditioning is None)
        )
        flags.append(availability(sources))
        targets.append(availability((target,)))
        origins.append(origin)
        mean, std = moments(patient.codes[target], table)
        slope = typical[target, 1] / std
        lines.append((slope, typical[target, 0] - mean * slope))
        tokens.append(
            np.zeros((config.token_count, config.tokens.channels), np.float32)
            if conditioning is None
            else conditioning.tokens
        )
        certainty.append([0.0 if conditioning is None else conditioning.certainty])
    warped = warp(
        torch.from_numpy(np.stack(planes).astype(np.float32)), torch.from_numpy(np.stack(maps)), phase.crop
    )
    images = warped[:, :-3].unflatten(1, (len(CONTRASTS), -1))
    shared = shading(rng, len(images), 1, phase.crop, SHARED_SHADING)
    own = shared * shading(rng, len(images), len(CONTRASTS), phase.crop, OWN_SHADING)
    noise = torch.from_numpy((NOISE * rng.random((len(images), len(CONTRASTS), 1, 1, 1))).astype(np.float32))
    images = ((images * own.unsqueeze(2) + noise * torch.randn_like(images)) * (images > 0)).clamp(0, CEILING)
    slope, offset = torch.tensor(lines, dtype=torch.float32)[:, :, None, None, None].unbind(1)
    brain = (warped[:, -2:-1] > 0.5).float()
    return Batch(
        images=images.flatten(1, 2).contiguous(memory_format=torch.channels_last),
        availability=torch.from_numpy(np.stack(flags)),
        target=torch.from_numpy(np.stack(targets)),
        truth=warped[:, -3:-2] * shared * slope + offset,
        weight=brain * (1 + (LESION_WEIGHT - 1) * warped[:, -1:]),
        tokens=torch.from_numpy(np.stack(tokens)),
        certainty=torch.tensor(certainty, dtype=torch.float32),
        origins=torch.tensor(origins),
    )
