"""MDN, the modality-decoupled diffusion network: denoises the token map y of one target, given the sources'
tokens."""

from __future__ import annotations

import torch
from torch import Tensor, nn

from . import CONTRASTS
from .config import Config
from .layers import Mlp, position


class MixerBlock(nn.Module):
    """A residual block [S, T, width]: linear mixing along the tokens, then an MLP along the channels, scaled
    and shifted by a code [S, width]."""

    def __init__(self, count: int, width: int):
        super().__init__()
        self.norm1, self.norm2 = nn.LayerNorm(width), nn.LayerNorm(width)
        self.code = nn.Linear(width, 2 * width)
        self.mix = nn.Linear(count, count)
        self.mlp = Mlp(width, 2 * width, width)

    def forward(self, x: Tensor, code: Tensor) -> Tensor:
        scale, shift = self.code(code).unsqueeze(1).chunk(2, dim=-1)
        x = x + self.mix((self.norm1(x) * (1 + scale) + shift).transpose(1, 2)).transpose(1, 2)
        return x + self.mlp(self.norm2(x))


class Mdn(nn.Module):
    """noisy [S, T, D], time [S, E], condition [S, T, 4 D], availability [S, 4] -> clean [S, T, D], the
    prediction of y_0"""

    def __init__(self, config: Config):
        super().__init__()
        c, channels = config.mdn, config.tokens.channels
        self.embed = nn.Linear(channels * (1 + len(CONTRASTS)), c.width)
        self.position = position(1, config.token_count, c.width)
        self.code = nn.Sequential(Mlp(c.embedding + len(CONTRASTS), c.width, c.width), nn.SiLU())
        self.blocks = nn.ModuleList(MixerBlock(config.token_count, c.width) for _ in range(c.blocks))
        self.norm = nn.LayerNorm(c.width)
        self.head = nn.Linear(c.width, channels)

    def forward(self, noisy: Tensor, time: Tensor, condition: Tensor, availability: Tensor) -> Tensor:
        x = self.embed(torch.cat([noisy, condition], -1)) + self.position
        code = self.code(torch.cat([time, availability], -1))
        for block in self.blocks:
            x = block(x, code)
        return self.head(self.norm(x))
