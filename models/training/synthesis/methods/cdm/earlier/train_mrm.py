"""Stage `mrm`: one masked autoencoder per contrast, and the token maps of a patient."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import torch
from torch import Tensor

from ....common.step_training import fit
from . import CONTRASTS
from .codes import decode
from .config import Config
from .data import Patient, neighbourhood
from .mrm import Mrm, MrmEncoder


def draw_images(rng: np.random.Generator, patients: list[Patient], contrast: int, batch: int) -> Tensor:
    """-> float32 [batch, 3, H, W], normalized, random slices of one contrast"""
    chosen = [patients[i] for i in rng.integers(len(patients), size=batch)]
    return torch.from_numpy(
        decode(np.stack([neighbourhood(p.image[contrast], rng.choice(p.slices)) for p in chosen]))
    )


@torch.no_grad()
def token_statistics(
    encoder: MrmEncoder, patients: list[Patient], contrast: int, seed: int
) -> tuple[Tensor, Tensor]:
    """-> mean and standard deviation [D] of the tokens of random training slices"""
    rng = np.random.default_rng(seed)
    tokens = torch.cat([encoder(draw_images(rng, patients, contrast, 32)) for _ in range(16)]).flatten(0, 1)
    return tokens.mean(0), tokens.std(0).clamp(min=1e-4)


def encoder_file(run: Path, contrast: int) -> Path:
    """The weights of an encoder with standardized tokens."""
    return run / f"mrm-{CONTRASTS[contrast]}.encoder.pt"


def train_mrm(config: Config, patients: list[Patient], run: Path) -> None:
    """Train all contrasts and write their encoders."""
    for contrast, name in enumerate(CONTRASTS):
        torch.manual_seed(config.seed + contrast)
        model = Mrm(config)
        having = [p for p in patients if contrast in p.sources]

        def loss_of(rng: np.random.Generator, step: int) -> Tensor:
            images = draw_images(rng, having, contrast, config.mrm.batch)
            with torch.autocast("cpu", torch.bfloat16):
                return model.loss(images)

        encoder = fit(
            model,
            loss_of,
            steps=config.mrm.steps,
            learning_rate=config.mrm.learning_rate,
            seed=config.seed + contrast,
            checkpoint=run / f"mrm-{name}.pt",
        ).encoder
        encoder.standardize(*token_statistics(encoder, having, contrast, config.seed))
        torch.save(encoder.state_dict(), encoder_file(run, contrast))


def load_encoder(config: Config, run: Path, contrast: int) -> MrmEncoder:
    """-> the encoder with standardized tokens"""
    encoder = MrmEncoder(config)
    encoder.load_state_dict(torch.load(encoder_file(run, contrast), weights_only=True))
    return encoder.eval()


@torch.no_grad()
def true_tokens(config: Config, patient: Patient, run: Path) -> np.ndarray:
    """-> float16 [4, Z, T, D], the tokens of every contrast and slice, zeros where the contrast is absent"""
    tokens = np.zeros((len(CONTRASTS), patient.depth, config.token_count, config.tokens.channels), np.float16)
    for contrast in patient.sources:
        encoder = load_encoder(config, run, contrast)
        for start in range(0, patient.depth, config.grid.slab):
            slab = range(start, min(start + config.grid.slab, patient.depth))
            images = decode(np.stack([neighbourhood(patient.image[contrast], z) for z in slab]))
            tokens[contrast, slab.start : slab.stop] = encoder(torch.from_numpy(images)).numpy()
    return tokens
