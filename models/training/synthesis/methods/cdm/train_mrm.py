"""Trains the masked autoencoders, one per contrast, and encodes patients with them."""

from __future__ import annotations

from pathlib import Path

import torch
from torch import Tensor, nn

from ... import CEILING, CONTRASTS
from ...common.training import Schedule, fit
from ...data.patients import Patients, lookup
from .lowres import BLOCK, key_slices
from .mrm import Encoder, Mrm, Tokenizer, draw_visible, masked_loss

BATCH = 64
INTENSITY_CHANGE = 0.15  # largest change of gain, and half the largest change of the exponent
STATISTICS = 8  # batches for mean and standard deviation of the tokens


def draw_images(
    generator: torch.Generator, patients: Patients, having: Tensor, contrast: int, count: int
) -> Tensor:
    """-> intensity [count, 1, H, W]: random axial slices of one contrast of the patients `having`, with
    random flips, gain and gamma"""
    device = patients.images.device

    def uniform(*shape: int) -> Tensor:
        return torch.rand(*shape, generator=generator, device=generator.device).to(device)

    first = torch.tensor([r.first for r in patients.records], device=device)
    depth = torch.tensor([r.depth for r in patients.records], device=device)
    chosen = having[(uniform(count) * len(having)).long()]
    z = first[chosen] + (uniform(count) * depth[chosen]).long()
    image = lookup(
        patients.source_tables[chosen, contrast, None], patients.images[chosen, contrast, z][:, None]
    )
    for axis in (2, 3):
        image = torch.where(uniform(count, 1, 1, 1) < 0.5, image.flip(axis), image)
    gain = 1 + INTENSITY_CHANGE * (2 * uniform(count, 1, 1, 1) - 1)
    exponent = torch.exp(2 * INTENSITY_CHANGE * (2 * uniform(count, 1, 1, 1) - 1))
    return (gain * image.clamp(min=0) ** exponent).clamp(max=CEILING)


def train_mrm(
    patients: Patients, run: Path, schedule: Schedule, device: torch.device, seed: int = 0
) -> Tokenizer:
    """Train on all `patients`, each contrast for the whole `schedule` -> the encoders with standardized
    tokens, on `device`"""
    patients = patients.to(device)
    tokenizer = Tokenizer().to(device)
    for contrast, encoder in enumerate(tokenizer.encoders):
        trained = train_encoder(patients, contrast, run, schedule, device, seed + contrast)
        encoder.load_state_dict(trained.state_dict())
    return tokenizer.eval()


def train_encoder(
    patients: Patients, contrast: int, run: Path, schedule: Schedule, device: torch.device, seed: int
) -> Encoder:
    """Train the masked autoencoder of one contrast -> its encoder, with standardized tokens. Raises
    ValueError if no patient has the contrast."""
    name = CONTRASTS[contrast]
    indices = patients.where(lambda record: record.present[contrast])
    if not indices:
        raise ValueError(f"no patient has {name}: the masked autoencoder of this contrast cannot be trained")
    having = torch.tensor(indices, device=device)

    def loss_of(model: nn.Module, generator: torch.Generator, step: int) -> Tensor:
        image = draw_images(generator, patients, having, contrast, BATCH)
        visible = draw_visible(generator, (len(image), image.shape[2] // BLOCK, image.shape[3] // BLOCK)).to(
            device
        )
        with torch.autocast(device.type, torch.bfloat16):
            found = model(image, visible)
        return masked_loss(found.float(), image, visible)

    torch.manual_seed(seed)
    model = fit(Mrm(), loss_of, schedule, name=f"mrm-{name}", run=run, seed=seed, device=device)
    assert isinstance(model, Mrm)
    generator = torch.Generator(device=device).manual_seed(seed)
    images = [draw_images(generator, patients, having, contrast, BATCH) for _ in range(STATISTICS)]
    model.encoder.standardize(*token_statistics(model.encoder, images))
    return model.encoder


@torch.no_grad()
def token_statistics(encoder: Encoder, images: list[Tensor]) -> tuple[Tensor, Tensor]:
    """Intensities [N, 1, H, W] -> mean and standard deviation [16] of the tokens of patches with brain"""
    tokens = []
    for image in images:
        inside = nn.functional.max_pool2d(image, BLOCK)[:, 0] > 0
        tokens.append(encoder(image).movedim(1, -1)[inside])
    found = torch.cat(tokens)
    return found.mean(0), found.std(0).clamp(min=1e-4)


@torch.no_grad()
def tokens_of(tokenizer: Tokenizer, patients: Patients, index: int, sources: tuple[int, ...]) -> Tensor:
    """-> tokens [K, 64, h, w] at the key slices of one patient, 0 for contrasts that are no source"""
    record = patients.records[index]
    keys = torch.tensor(key_slices(record.depth), device=patients.images.device)
    device = next(tokenizer.parameters()).device
    images = patients.as_sources(index)[:, keys].transpose(0, 1).to(device)
    availability = torch.tensor([float(c in sources) for c in range(len(CONTRASTS))], device=device)
    found: Tensor = tokenizer(images, availability.expand(len(images), -1))
    return found
