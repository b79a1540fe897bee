"""Training on made volumes."""
from __future__ import annotations

from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F
from cdm_training.training import fit
from torch import Tensor, nn

from .config import Config
from .data import Head, Stripped
from .network import BrainNet
from .pipeline import planes
from .synthesis import Example, Synthesis


class Pool:
    """Example number n is made from the seed and n alone. The pool of step s begins with example s // steps_a_volume, so that a
    resumed run sees what an uninterrupted one sees."""

    def __init__(self, synthesis: Synthesis, seed: int, size: int, steps_a_volume: int):
        self.synthesis, self.seed, self.size, self.steps_a_volume = synthesis, seed, size, steps_a_volume
        self.examples: dict[int, Example] = {}

    def at(self, step: int) -> list[Example]:
        first = step // self.steps_a_volume
        wanted = range(first, first + self.size)
        self.examples = {n: self.examples.get(n) or self.synthesis.example(np.random.default_rng((self.seed, n))) for n in wanted}
        return list(self.examples.values())


def loss(logits: Tensor, brain: Tensor) -> Tensor:
    """Cross-entropy plus soft Dice of the batch; both [S, 1, H, W]."""
    p = torch.sigmoid(logits)
    overlap = 2 * (p * brain).sum() / (p.sum() + brain.sum() + 1)
    return F.binary_cross_entropy_with_logits(logits, brain) * 2 + 1 - overlap


def train(config: Config, heads: list[Head], stripped: list[Stripped], checkpoint: Path) -> nn.Module:
    """-> the trained BrainNet; continues from `checkpoint`"""
    torch.manual_seed(config.seed)
    model = BrainNet(len(config.grid.planes), config.training.channels).to(memory_format=torch.channels_last)
    pool = Pool(Synthesis(heads, stripped, config.input), config.seed, config.training.pool, config.training.steps_a_volume)

    def loss_of(rng: np.random.Generator, step: int) -> Tensor:
        examples = pool.at(step)
        images, labels = [], []
        for number in rng.integers(len(examples), size=config.training.batch):
            example = examples[number]
            z = rng.integers(len(example.image), size=1)
            images.append(planes(example.image, z, config.grid.planes)[0])
            labels.append(example.brain[z])
        batch = torch.from_numpy(np.stack(images)).float().contiguous(memory_format=torch.channels_last)
        with torch.autocast("cpu", torch.bfloat16):
            logits = model(batch)
        return loss(logits.float(), torch.from_numpy(np.stack(labels)).float())

    return fit(model, loss_of, steps=config.training.steps, learning_rate=config.training.learning_rate, seed=config.seed,
               checkpoint=checkpoint)
