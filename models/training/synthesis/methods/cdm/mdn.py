"""MDN, the modality-decoupled diffusion network: denoises the low-resolution residual of one target,
conditioned on the output of the C-UNet.

There is one network for all targets. `Body` is shared with the Gaussian head (`gaussian.py`), so that the
two differ only in the distribution. Cells without enough brain are set to 0 before every mixing layer,
like padding.
"""

from __future__ import annotations

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from ... import CONTRASTS
from ...common.sampler import SAMPLER_STEPS, TIMESTEPS, alpha_bars, sample, sampler_timesteps
from .diffusion import EMBEDDING, correlated_noise, correlation_along_z, embed_time, loss_weight
from .latent_batches import CHANNELS, CONDITION_MAPS, Batch, Statistics
from .mrm import TOKENS, ChannelNorm, pointwise

WIDTH = 64
REDUCED = 32  # channels of the C-UNet's features and of the tokens after their 1 x 1 convolution
BLOCKS = 6


class Block(nn.Module):
    """x [V K, C, h, w], code [V, C], valid [V K, 1, h, w] -> [V K, C, h, w] for V volumes of K key slices
    each"""

    def __init__(self, width: int):
        super().__init__()
        self.norm = ChannelNorm(width)
        self.code = nn.Linear(width, 2 * width)
        self.depthwise = nn.Conv2d(width, width, 5, padding=2, groups=width)
        self.along_z = nn.Parameter(torch.tensor([0.0, 1.0, 0.0]).reshape(3, 1, 1, 1).repeat(1, width, 1, 1))
        self.pointwise = pointwise(width)

    def forward(self, x: Tensor, code: Tensor, valid: Tensor) -> Tensor:
        volumes, width = len(code), x.shape[1]
        by_volume = (volumes, -1, *x.shape[1:])
        scale, shift = self.code(code).reshape(volumes, 1, 2 * width, 1, 1).chunk(2, dim=2)
        y = (self.norm(x).reshape(by_volume) * (1 + scale) + shift).reshape(x.shape)
        y = (self.depthwise(y * valid) * valid).reshape(by_volume)
        edge = torch.zeros_like(y[:, :1])
        below, above = torch.cat([edge, y[:, :-1]], 1), torch.cat([y[:, 1:], edge], 1)
        y = self.along_z[0] * below + self.along_z[1] * y + self.along_z[2] * above
        mixed: Tensor = x + self.pointwise(y.reshape(x.shape))
        return mixed


class Body(nn.Module):
    """A map of `inputs` channels, conditioned on maps of every cell and on a code of each volume -> a map of
    `outputs` channels"""

    def __init__(self, features: int, inputs: int, outputs: int, code: int):
        super().__init__()
        self.features = nn.Conv2d(features, REDUCED, 1)
        self.tokens = nn.Conv2d(TOKENS, REDUCED, 1)
        self.stem = nn.Conv2d(CONDITION_MAPS + 2 * REDUCED, WIDTH, 1)
        self.inputs = nn.Conv2d(inputs, WIDTH, 1, bias=False) if inputs else None
        self.code = nn.Sequential(
            nn.Linear(code + 2 * len(CONTRASTS), WIDTH), nn.SiLU(), nn.Linear(WIDTH, WIDTH), nn.SiLU()
        )
        self.blocks = nn.ModuleList(Block(WIDTH) for _ in range(BLOCKS))
        self.norm = ChannelNorm(WIDTH)
        self.head = nn.Conv2d(WIDTH, outputs, 1)

    def condition(self, condition_maps: Tensor, features: Tensor, tokens: Tensor) -> Tensor:
        """Maps [V K, CONDITION_MAPS, h, w], features [V K, F, h, w], tokens [V K, 64, h, w] -> the
        conditioning [V K, 64, h, w], the same for all timesteps and samples"""
        parts = [condition_maps, F.silu(self.features(features)), F.silu(self.tokens(tokens))]
        conditioning: Tensor = self.stem(torch.cat(parts, 1))
        return conditioning

    def forward(self, noisy: Tensor | None, conditioning: Tensor, valid: Tensor, code: Tensor) -> Tensor:
        """noisy [V K, inputs, h, w] or None, conditioning [V K, 64, h, w], valid [V K, 1, h, w], code [V,
        E] -> [V K, outputs, h, w]
        """
        x = conditioning if self.inputs is None or noisy is None else conditioning + self.inputs(noisy)
        code = self.code(code)
        for block in self.blocks:
            x = block(x, code, valid)
        found: Tensor = self.head(self.norm(x)) * valid
        return found


class Mdn(nn.Module):
    """Works on latents divided by their typical spread (`Statistics`). Export takes one volume, V = 1, and
    makes two networks, `condition` of the body and `denoise`."""

    spread: Tensor
    length: Tensor

    def __init__(self, features: int, statistics: Statistics):
        super().__init__()
        self.body = Body(features, CHANNELS, CHANNELS, EMBEDDING)
        self.register_buffer("spread", torch.tensor(statistics.spread))
        self.register_buffer("length", torch.tensor(statistics.length))

    def denoise(
        self,
        noisy: Tensor,
        conditioning: Tensor,
        valid: Tensor,
        time: Tensor,
        target: Tensor,
        availability: Tensor,
    ) -> Tensor:
        """noisy [V K, 2, h, w], conditioning [V K, 64, h, w], valid [V K, 1, h, w], time [V, 64], target
        and availability [V, 4] -> clean [V K, 2, h, w]
        """
        found: Tensor = self.body(noisy, conditioning, valid, torch.cat([time, target, availability], 1))
        return found

    def forward(self, noisy: Tensor, time: Tensor, batch: Batch) -> Tensor:
        """noisy [V K, 2, h, w], time [V, 64] -> clean [V K, 2, h, w]"""
        conditioning = self.body.condition(batch.condition_maps, batch.features, batch.tokens)
        return self.denoise(noisy, conditioning, batch.valid, time, batch.target, batch.availability)

    @torch.no_grad()
    def samples(self, batch: Batch, count: int, seed: int) -> Tensor:
        """One volume (V = 1) -> latents [count, K, 2, h, w]"""
        white = torch.randn(count, *batch.latent.shape, generator=torch.Generator().manual_seed(seed))
        return self.sample_from(white.to(batch.latent.device), batch)

    @torch.no_grad()
    def sample_from(self, white: Tensor, batch: Batch) -> Tensor:
        """White noise [count, K, 2, h, w], one volume (V = 1) -> latents of the same shape"""
        device, count, keys = white.device, *white.shape[:2]
        noise = correlated_noise(white, correlation_along_z(float(self.length))).flatten(0, 1)

        def repeated(x: Tensor) -> Tensor:
            return x.repeat(count, *[1] * (x.dim() - 1))

        conditioning = repeated(self.body.condition(batch.condition_maps, batch.features, batch.tokens))
        valid, target, availability = (
            repeated(batch.valid),
            repeated(batch.target),
            repeated(batch.availability),
        )

        def denoise(x: Tensor, t: int) -> Tensor:
            time = embed_time(torch.full((count,), t, device=device))
            return self.denoise(x * valid, conditioning, valid, time, target, availability)

        found = sample(denoise, noise, sampler_timesteps(SAMPLER_STEPS)) * valid
        return found.reshape(count, keys, *found.shape[1:]) * (batch.target @ self.spread)[:, :, None, None]


def diffusion_loss(model: nn.Module, network: Mdn, batch: Batch, generator: torch.Generator) -> Tensor:
    """-> squared error of the predicted latent over its known values, weighted by min-SNR. `model` is the
    network, perhaps wrapped."""
    volumes, device = len(batch.target), batch.latent.device
    t = torch.randint(TIMESTEPS, (volumes,), generator=generator, device=generator.device).to(device)
    signal = alpha_bars().to(device)[t].float()
    clean = batch.by_volume(batch.latent) / (batch.target @ network.spread)[:, None, :, None, None]
    white = torch.randn(clean.shape, generator=generator, device=generator.device).to(device)
    noise = correlated_noise(white, correlation_along_z(float(network.length)))
    share = signal[:, None, None, None, None]
    noisy = (share.sqrt() * clean + (1 - share).sqrt() * noise).flatten(0, 1) * batch.valid
    with torch.autocast(device.type, torch.bfloat16):
        found = model(noisy, embed_time(t), batch)
    mask = batch.by_volume(batch.mask)
    error = (batch.by_volume(found.float()) - clean).square() * mask
    return (loss_weight(signal) * error.sum((1, 2, 3, 4)) / mask.sum((1, 2, 3, 4)).clamp(min=1)).mean()
