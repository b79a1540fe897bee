"""Stage `cunet`: the members of the C-UNet, each from the plain U-Net trained without the same fold.

Some examples have no tokens, some the true tokens with noise (with less noise their certainty is higher), the
others a sample of networks trained without the patient. Tokens have a fixed place, so only examples without
them are augmented geometrically.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import torch
from torch import Tensor

from ....common.step_training import fit, load_average
from .batches import Conditioning, draw_batch, typical_moments
from .config import Config
from .cunet import CUNet
from .data import Patient, between_keys, key_slices, others, subsets
from .losses import image_loss
from .train_mdn import sample_file, true_token_file
from .train_unet import members_patients, phase_at, unet_file
from .unet import UNet

SAMPLED = 0.5  # certainty of a sample; the true tokens have more


class TokenTables:
    """True and sampled tokens of the training patients."""

    def __init__(self, config: Config, patients: list[Patient], run: Path):
        self.no_tokens, self.true_tokens = config.cunet.no_tokens, config.cunet.true_tokens
        having = [p for p in patients if sample_file(run, p).exists()]
        self.keys = {p.id: key_slices(p.depth, config.grid.spacing, config.tokens.step_mm) for p in having}
        self.true = {p.id: np.load(true_token_file(run, p), mmap_mode="r") for p in having}
        self.sampled = {p.id: np.load(sample_file(run, p), mmap_mode="r") for p in having}

    def draw(
        self, rng: np.random.Generator, patient: Patient, target: int, sources: tuple[int, ...], z: int
    ) -> Conditioning | None:
        """Tokens of the target at slice `z`: true, sampled, or None"""
        kind = rng.random()
        if kind < self.no_tokens or patient.id not in self.keys:
            return None
        if kind < self.no_tokens + self.true_tokens:
            y = self.true[patient.id][target, z].astype(np.float32)
            kept = rng.uniform(0, 1) if rng.random() < 0.5 else 1.0
            noised = np.sqrt(kept) * y + np.sqrt(1 - kept) * rng.standard_normal(y.shape, np.float32)
            return Conditioning(noised.astype(np.float32), SAMPLED + (1 - SAMPLED) * kept)
        row = subsets(others(target)).index(sources)
        at_keys = self.sampled[patient.id][target, row].astype(np.float32)
        return Conditioning(between_keys(at_keys, self.keys[patient.id], np.array([z]))[0], SAMPLED)


def cunet_file(run: Path, member: int) -> Path:
    """The checkpoint of a member."""
    return run / f"cunet-{member}.pt"


def plain_file(run: Path, member: int) -> Path:
    """The plain U-Net trained as long as the C-UNet: the baseline of the ablation."""
    return run / f"unet-{member}-longer.pt"


def train_cunet(
    config: Config, patients: list[Patient], extra: list[Patient], run: Path, member: int, plain: bool = False
) -> None:
    """Train one member. `plain`: continue the plain U-Net instead, with the same examples but no tokens."""
    own = members_patients(config, patients, extra, member)
    typical = typical_moments(own)
    tables = TokenTables(config, own, run)
    seed = config.seed + 300 + member
    torch.manual_seed(seed)
    start = load_average(UNet(config), unet_file(run, member))
    model: UNet | CUNet = start
    if not plain:
        model = CUNet(config)
        model.start_from(start)
    model = model.to(memory_format=torch.channels_last)

    def loss_of(rng: np.random.Generator, step: int) -> Tensor:
        b = draw_batch(rng, config, phase_at(config.cunet.phases, step), own, typical, tables.draw)
        with torch.autocast("cpu", torch.bfloat16):
            if plain:
                prediction, scale = model(b.images, b.availability, b.target)
            else:
                prediction, scale = model(
                    b.images, b.availability, b.tokens, b.certainty, b.target, b.origins
                )
        return image_loss(prediction.float(), scale.float(), b.truth, b.weight)

    fit(
        model,
        loss_of,
        steps=sum(phase.steps for phase in config.cunet.phases),
        learning_rate=config.cunet.learning_rate,
        seed=seed,
        checkpoint=(plain_file if plain else cunet_file)(run, member),
    )
