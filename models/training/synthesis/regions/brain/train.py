"""Training on generated volumes."""

from __future__ import annotations

import os
from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor, nn

from ...common.step_training import fit
from .config import Config
from .data import Head, Stripped
from .network import BrainNet
from .pipeline import planes
from .synthesis import LEVELS, Example, Synthesis


class Pool:
    """Example number n depends on the seed and n alone. It is kept in `folder`, so that all networks of a
    cross-validation share it. The pool of step s begins with example s // steps_a_volume, so a resumed run
    equals an uninterrupted one."""

    def __init__(self, synthesis: Synthesis, seed: int, size: int, steps_a_volume: int, folder: Path):
        self.synthesis, self.seed, self.size, self.steps_a_volume, self.folder = (
            synthesis,
            seed,
            size,
            steps_a_volume,
            folder,
        )
        self.examples: dict[int, Example] = {}

    def at(self, step: int) -> list[Example]:
        """-> the examples of a step"""
        first = step // self.steps_a_volume
        self.examples = {n: self.examples.get(n) or self.example(n) for n in range(first, first + self.size)}
        return list(self.examples.values())

    def example(self, number: int) -> Example:
        """-> the example, read or generated"""
        file = self.folder / f"{number}.npz"
        if file.exists():
            with np.load(file) as kept:
                return Example(
                    kept["codes"], np.unpackbits(kept["brain"], axis=-1).astype(bool), str(kept["person"])
                )
        generated = self.synthesis.example(np.random.default_rng((self.seed, number)))
        self.folder.mkdir(parents=True, exist_ok=True)
        partial = self.folder / f"{number}.{os.getpid()}.part"
        with partial.open("wb") as out:
            np.savez(
                out,
                codes=generated.codes,
                brain=np.packbits(generated.brain, axis=-1),
                person=generated.person,
            )
        partial.replace(file)
        return generated


def loss(logits: Tensor, brain: Tensor) -> Tensor:
    """Cross-entropy plus soft Dice of the batch; both [S, together, H, W]."""
    p = torch.sigmoid(logits)
    overlap = 2 * (p * brain).sum() / (p.sum() + brain.sum() + 1)
    return F.binary_cross_entropy_with_logits(logits, brain) * 2 + 1 - overlap


def train(
    config: Config, heads: list[Head], stripped: list[Stripped], checkpoint: Path, without: str | None = None
) -> nn.Module:
    """-> the BrainNet, trained on all persons but `without`; continues from `checkpoint`"""
    torch.manual_seed(config.seed)
    (together, offsets), settings = (config.grid.together, config.grid.planes), config.training
    model = BrainNet(len(offsets), together, settings.channels).to(
        memory_format=torch.channels_last  # type: ignore[call-overload]
    )
    pool = Pool(
        Synthesis(heads, stripped, config.input),
        config.seed,
        settings.pool,
        settings.steps_a_volume,
        checkpoint.parent / "examples",
    )

    def loss_of(rng: np.random.Generator, step: int) -> Tensor:
        examples = [example for example in pool.at(step) if without is None or example.person != without]
        images, labels = [], []
        for number in rng.integers(len(examples), size=settings.batch):
            example = examples[number]
            depth = len(example.brain)
            first = rng.integers(depth, size=1)
            images.append(planes(example.codes, first, offsets)[0].astype(np.float32) / LEVELS)
            labels.append(example.brain[np.minimum(first + np.arange(together), depth - 1)])
        batch = torch.from_numpy(np.stack(images)).contiguous(memory_format=torch.channels_last)
        with torch.autocast("cpu", torch.bfloat16):
            logits = model(batch)
        return loss(logits.float(), torch.from_numpy(np.stack(labels)).float())

    return fit(
        model,
        loss_of,
        steps=settings.steps,
        learning_rate=settings.learning_rate,
        seed=config.seed,
        checkpoint=checkpoint,
    )
