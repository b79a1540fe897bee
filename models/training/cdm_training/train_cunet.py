"""Stage 3: the C-UNet on random source subsets and targets.

In stages with tokens, 40 % of the examples get none (those are augmented geometrically), 45 % a sample of networks that did not
see the patient, 15 % the true tokens with noise.
"""
from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from torch import Tensor

from . import CEILING, CONTRASTS, NEIGHBOURS
from .augment import geometry, intensity_curves, warp
from .config import Config, Stage
from .cunet import CUNet
from .data import Patient, availability, between_keys, draw_sources, key_slices, neighbourhood, others, subsets
from .losses import image_loss
from .train_mdn import sample_file, true_token_file
from .training import fit

NO_TOKENS, TRUE_TOKENS = 0.40, 0.15  # shares of the examples; the rest gets sampled tokens


@dataclass(frozen=True)
class Batch:
    images: Tensor        # [S, 12, crop, crop]
    availability: Tensor  # [S, 4]
    tokens: Tensor        # [S, T, D]
    target: Tensor        # [S, 4] one-hot
    origins: Tensor       # [S, 2]
    truth: Tensor         # [S, 1, crop, crop]
    brain: Tensor         # [S, 1, crop, crop]


class TokenTables:
    """True and sampled tokens of the training patients."""

    def __init__(self, config: Config, patients: list[Patient], run: Path):
        self.keys = {p.id: key_slices(p.depth, config.grid.spacing, config.tokens.step_mm) for p in patients}
        self.true = {p.id: np.load(true_token_file(run, p), mmap_mode="r") for p in patients}
        self.sampled = {p.id: np.load(sample_file(run, p), mmap_mode="r") for p in patients}

    def noised_truth(self, rng: np.random.Generator, patient: Patient, target: int, z: int) -> np.ndarray:
        y = self.true[patient.id][target, z].astype(np.float32)
        kept = np.float32(rng.uniform(0.3, 1.0))
        return np.sqrt(kept) * y + np.sqrt(1 - kept) * rng.standard_normal(y.shape, np.float32)

    def sample(self, patient: Patient, target: int, sources: tuple[int, ...], z: int) -> np.ndarray:
        row = subsets(others(target)).index(sources)
        return between_keys(self.sampled[patient.id][target, row].astype(np.float32), self.keys[patient.id], np.array([z]))[0]


def draw_batch(rng: np.random.Generator, config: Config, stage: Stage, patients: list[Patient], tables: TokenTables | None) -> Batch:
    size, patch = config.grid.size, config.tokens.patch
    planes, maps, flags, tokens, targets, origins = [], [], [], [], [], []
    for patient in (patients[i] for i in rng.integers(len(patients), size=stage.batch)):
        z, target = int(rng.choice(patient.slices)), int(rng.choice(patient.targets))
        sources = draw_sources(rng, tuple(c for c in patient.sources if c != target))
        kind = 0.0 if tables is None else rng.random()
        y = np.zeros((config.token_count, config.tokens.channels), np.float32)
        if tables is not None and kind >= 1 - TRUE_TOKENS:
            y = tables.noised_truth(rng, patient, target, z)
        elif tables is not None and kind >= NO_TOKENS:
            y = tables.sample(patient, target, sources, z)
        rows, columns = np.nonzero(patient.brain[z])
        voxel = rng.integers(len(rows))
        origin = [int(np.clip(v - stage.crop // 2, 0, size - stage.crop)) // patch for v in (rows[voxel], columns[voxel])]
        given = np.zeros((len(CONTRASTS), 2 * NEIGHBOURS + 1, size, size), np.uint8)
        for contrast in sources:
            given[contrast] = neighbourhood(patient.image[contrast], z)
        planes.append(np.concatenate([given.reshape(-1, size, size), patient.image[target, z][None],
                                      np.uint8(255) * patient.brain[z][None]]))
        maps.append(geometry(rng, size, stage.crop, (origin[0] * patch, origin[1] * patch), vary=kind < NO_TOKENS))
        flags.append(availability(sources))
        tokens.append(y)
        targets.append(availability((target,)))
        origins.append(origin)
    coded = torch.from_numpy(np.stack(planes)).float()
    warped = warp(coded, torch.from_numpy(np.stack(maps)), stage.crop)  # codes are linear in intensity: decoded on the crop only
    values = ((warped[:, :-1] - 1) / 199).clamp_(0, CEILING)
    images = intensity_curves(rng, values[:, :-1]).contiguous(memory_format=torch.channels_last)
    return Batch(images=images, availability=torch.from_numpy(np.stack(flags)),
                 tokens=torch.from_numpy(np.stack(tokens)), target=torch.from_numpy(np.stack(targets)),
                 origins=torch.tensor(origins), truth=values[:, -1:], brain=(warped[:, -1:] > 127.5).float())


def train_cunet(config: Config, patients: list[Patient], run: Path, until: int | None = None) -> None:
    """`until`: stop after so many stages, to be continued later"""
    stages = config.cunet.stages[:until]
    ends = np.cumsum([stage.steps for stage in config.cunet.stages])
    tables = TokenTables(config, patients, run) if any(stage.tokens for stage in stages) else None
    torch.manual_seed(config.seed + 200)
    model = CUNet(config).to(memory_format=torch.channels_last)

    def loss_of(rng: np.random.Generator, step: int) -> Tensor:
        stage = config.cunet.stages[int(np.searchsorted(ends, step, side="right"))]
        b = draw_batch(rng, config, stage, patients, tables if stage.tokens else None)
        with torch.autocast("cpu", torch.bfloat16):
            prediction = model(b.images, b.availability, b.tokens, b.target, b.origins)
        return image_loss(prediction.float(), b.truth, b.brain)

    fit(model, loss_of, steps=int(ends[-1]), stop=int(ends[len(stages) - 1]), learning_rate=config.cunet.learning_rate,
        seed=config.seed + 200, checkpoint=run / "cunet.pt")
