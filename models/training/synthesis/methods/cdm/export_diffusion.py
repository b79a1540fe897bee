"""MRM and MDN as networks that the engine runs, and what it must know of them: it draws samples with them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor, nn

from ... import CONTRASTS, SIDE
from ...common.bundle import Network
from ...common.sampler import alpha_bars, sampler_timesteps
from ...data.codes import SPREAD, WHITE_MATTER
from .diffusion import EMBEDDING, MAX_PERIOD, correlation_along_z
from .latent_batches import CHANNELS, CONDITION_MAPS, TYPICAL_SCALE
from .lowres import BLOCK, ENOUGH, SLAB
from .mdn import WIDTH, Mdn
from .mrm import TOKENS, Tokenizer
from .residuals import Projection

KEYS = SIDE // SLAB  # key slices a run: every brain fits


@dataclass(frozen=True)
class Sampling:
    """All that draws samples beside the C-UNet."""

    tokenizer: Tokenizer
    mdn: Mdn
    projection: Projection  # of the features of the first C-UNet


class Condition(nn.Module):
    """maps [K, CONDITION_MAPS, h, w], features [K, F, h, w], tokens [K, 64, h, w] -> [K, 64, h, w]"""

    def __init__(self, mdn: Mdn):
        super().__init__()
        self.body = mdn.body

    def forward(self, maps: Tensor, features: Tensor, tokens: Tensor) -> Tensor:
        return self.body.condition(maps, features, tokens)


class Denoise(nn.Module):
    """Inputs of `Mdn.denoise`, V = 1 -> clean [K, 2, h, w]"""

    def __init__(self, mdn: Mdn):
        super().__init__()
        self.mdn = mdn

    def forward(
        self, noisy: Tensor, conditioning: Tensor, valid: Tensor, time: Tensor, target: Tensor, given: Tensor
    ) -> Tensor:
        return self.mdn.denoise(noisy * valid, conditioning, valid, time, target, given)


def sampling_networks(sampling: Sampling, slab: int, side: int) -> dict[str, Network]:
    """-> MRM for a slab of slices of side x side pixels, and the two networks of MDN for `KEYS` key slices"""
    cells = side // BLOCK
    features = sampling.mdn.body.features.in_channels
    maps = {
        "maps": torch.rand(KEYS, CONDITION_MAPS, cells, cells),
        "features": torch.rand(KEYS, features, cells, cells),
        "tokens": torch.rand(KEYS, TOKENS, cells, cells),
    }
    noisy = {
        "noisy": torch.rand(KEYS, CHANNELS, cells, cells),
        "conditioning": torch.rand(KEYS, WIDTH, cells, cells),
        "valid": torch.ones(KEYS, 1, cells, cells),
        "time": torch.rand(1, EMBEDDING),
        "target": torch.eye(len(CONTRASTS))[:1],
        "availability": torch.ones(1, len(CONTRASTS)),
    }
    images = {
        "images": torch.rand(slab, len(CONTRASTS), side, side),
        "availability": torch.ones(slab, len(CONTRASTS)),
    }
    return {
        "mrm": Network(sampling.tokenizer.eval(), images, ["tokens"]),
        "mdn-condition": Network(Condition(sampling.mdn).eval(), maps, ["conditioning"]),
        "mdn": Network(Denoise(sampling.mdn).eval(), noisy, ["clean"]),
    }


def sampling_manifest(mdn: Mdn) -> dict[str, Any]:
    """-> the manifest's `diffusion`: cells, units of the condition maps, noise and sampler"""
    timesteps = sampler_timesteps()
    return {
        "cell": {"slices": SLAB, "pixels": BLOCK, "least_share": ENOUGH},
        "keys": KEYS,
        "units": {"level": WHITE_MATTER, "spread": SPREAD, "error": TYPICAL_SCALE},
        "spread": {name: round(float(s), 5) for name, s in zip(CONTRASTS, mdn.spread[:, 0], strict=True)},
        "correlation": round(correlation_along_z(float(mdn.length)), 5),
        "timesteps": timesteps,
        "alpha_bar": [float(alpha_bars()[t]) for t in timesteps],
        "embedding": {"size": EMBEDDING, "max_period": MAX_PERIOD},
    }
