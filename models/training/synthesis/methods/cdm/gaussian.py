"""The Gaussian head: the baseline of the diffusion, on the same grid and conditioning in one pass.

Stochastic Segmentation Networks (arXiv 2006.06015): a mean, a diagonal and low-rank factors for every key
slice. The factors' noise has the correlation along z of the diffusion's noise, so the covariance of a
volume is D + P (A x I) P^T with A = rho^|k - l|.
"""

from __future__ import annotations

import math

import torch
from torch import Tensor, nn

from .diffusion import correlated_noise, correlation_along_z
from .latent_batches import CHANNELS, Batch, Statistics
from .mdn import Body

RANK = 10
LOWEST, HIGHEST = -6.0, 4.0  # of the logarithm of the diagonal


class GaussianHead(nn.Module):
    """Works on latents divided by their typical spread (`Statistics`), as the MDN does."""

    spread: Tensor
    length: Tensor

    def __init__(self, features: int, statistics: Statistics):
        super().__init__()
        self.body = Body(features, 0, CHANNELS * (2 + RANK), 0)
        self.register_buffer("spread", torch.tensor(statistics.spread))
        self.register_buffer("length", torch.tensor(statistics.length))

    def forward(self, batch: Batch) -> tuple[Tensor, Tensor, Tensor]:
        """-> mean and logarithm of the diagonal [V K, 2, h, w], factors [V K, 10, 2, h, w]"""
        conditioning = self.body.condition(batch.condition_maps, batch.features, batch.tokens)
        found = self.body(
            None, conditioning, batch.valid, torch.cat([batch.target, batch.availability], 1)
        ).float()
        mean, log_diagonal, factors = found.split((CHANNELS, CHANNELS, CHANNELS * RANK), 1)
        return mean, log_diagonal.clamp(LOWEST, HIGHEST), factors.unflatten(1, (RANK, CHANNELS))

    @torch.no_grad()
    def samples(self, batch: Batch, count: int, seed: int) -> Tensor:
        """One volume (V = 1) -> latents [count, K, 2, h, w]"""
        device, keys = batch.latent.device, len(batch.latent)
        random = torch.Generator().manual_seed(seed)
        white = torch.randn(count, keys, RANK, generator=random).to(device)
        own = torch.randn(count, *batch.latent.shape, generator=random).to(device)
        mean, log_diagonal, factors = self(batch)
        shared = torch.einsum(
            "skr,krchw->skchw", correlated_noise(white, correlation_along_z(float(self.length))), factors
        )
        found = (mean + shared + (0.5 * log_diagonal).exp() * own) * batch.valid
        drawn: Tensor = found * (batch.target @ self.spread)[:, :, None, None]
        return drawn


def gaussian_loss(
    model: nn.Module, network: GaussianHead, batch: Batch, generator: torch.Generator
) -> Tensor:
    """-> mean negative log-likelihood of the known values of the latents. `model` is the network, perhaps
    wrapped. The generator is not used; `diffusion_loss` has one."""
    with torch.autocast(batch.latent.device.type, torch.bfloat16):
        mean, log_diagonal, factors = model(batch)
    clean = batch.by_volume(batch.latent) / (batch.target @ network.spread)[:, None, :, None, None]
    mask = batch.by_volume(batch.mask)
    difference = (clean - batch.by_volume(mean)) * mask
    factors = batch.by_volume(factors).movedim(2, -1) * mask.unsqueeze(-1)
    nll = negative_log_likelihood(
        difference.flatten(2),
        batch.by_volume(log_diagonal).flatten(2),
        factors.flatten(2, 4),
        mask.flatten(2),
        correlation_along_z(float(network.length)),
    )
    loss: Tensor = nll.sum() / mask.sum().clamp(min=1)
    return loss


def negative_log_likelihood(
    difference: Tensor, log_diagonal: Tensor, factors: Tensor, mask: Tensor, rho: float
) -> Tensor:
    """difference, log_diagonal and mask [V, K, N], factors [V, K, N, R], rho: of neighbouring key slices
    -> [V].

    The mask is 1 for known values; elsewhere difference and factors are 0 too. By the Woodbury identity the
    largest matrix is K R x K R. Everything is float32: half precision is too coarse for the determinant.
    """
    volumes, keys, _, rank = factors.shape
    precision = (-log_diagonal).exp() * mask
    weighted = factors * precision.unsqueeze(-1)
    gram = weighted.transpose(2, 3) @ factors  # [V, K, R, R]
    projected = (weighted * difference.unsqueeze(-1)).sum(2)  # [V, K, R]
    inner = torch.kron(inverse_correlation(keys, rho, factors.device), torch.eye(rank, device=factors.device))
    inner = inner + block_diagonal(gram)
    cholesky = torch.linalg.cholesky(inner)
    half = torch.linalg.solve_triangular(cholesky, projected.reshape(volumes, -1, 1), upper=False)
    quadratic = (difference.square() * precision).sum((1, 2)) - half.square().sum((1, 2))
    log_determinant = (
        (log_diagonal * mask).sum((1, 2))
        + (keys - 1) * rank * math.log(1 - rho * rho)
        + 2 * torch.diagonal(cholesky, dim1=1, dim2=2).log().sum(1)
    )
    nll: Tensor = 0.5 * (quadratic + log_determinant + mask.sum((1, 2)) * math.log(2 * math.pi))
    return nll


def inverse_correlation(keys: int, rho: float, device: torch.device) -> Tensor:
    """-> the inverse of rho^|k - l|, [K, K]: three diagonals"""
    diagonal = torch.full((keys,), 1 + rho * rho, device=device)
    diagonal[0] = diagonal[-1] = 1.0 if keys > 1 else 1 - rho * rho
    beside = torch.full((keys - 1,), -rho, device=device)
    return (torch.diag(diagonal) + torch.diag(beside, 1) + torch.diag(beside, -1)) / (1 - rho * rho)


def block_diagonal(blocks: Tensor) -> Tensor:
    """[V, K, R, R] -> [V, K R, K R]"""
    volumes, keys, rank, _ = blocks.shape
    apart = torch.eye(keys, device=blocks.device)[None, :, None, :, None] * blocks[:, :, :, None, :]
    return apart.reshape(volumes, keys * rank, keys * rank)
