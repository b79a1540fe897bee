"""C-UNet, the cross-conditioned U-Net: the plain U-Net with a decoder conditioned on the target's token map y
by a Condition Embedding.

Every path from the tokens starts with zero weights, so training starts from the plain U-Net and any
difference comes from the conditioning.
"""

from __future__ import annotations

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from .config import Config
from .layers import Attention, position
from .unet import UNet, UNetDecoder, UNetEncoder

CONDITIONED_LEVELS = 2  # of the decoder, from the deepest; on the others a token covers too many pixels


class ConditionEmbedding(nn.Module):
    """Conditions the deepest map, each place of the first decoder levels, and all places of every level on
    the tokens [S, T, D] and their certainty [S, 1]."""

    def __init__(self, config: Config):
        super().__init__()
        channels = config.unet.channels
        width, self.side = channels[-1], config.token_side
        self.embed = nn.Linear(config.tokens.channels + 1, width)
        self.position = position(width, self.side, self.side)
        self.key_position = position(1, config.token_count, width)
        self.attention = Attention(width, config.cunet.heads)
        self.deepest = zeroed(nn.Conv2d(width, 2 * width, 1))
        self.guides = nn.ModuleList(  # the name stands in checkpoints
            zeroed(nn.Conv2d(width, 2 * c, 1)) for c in channels[-2 : -2 - CONDITIONED_LEVELS : -1]
        )
        self.overall = zeroed(nn.Linear(width, config.unet.code))
        zeroed(self.attention.out)

    def forward(
        self, x: Tensor, tokens: Tensor, certainty: Tensor, origins: Tensor | None
    ) -> tuple[Tensor, list[Tensor], Tensor]:
        """The deepest feature map x [S, C, h, w], tokens [S, T, D], certainty [S, 1] -> x, conditioned; scale
        and shift maps [S, 2c, 2h, 2w], [S, 2c', 4h, 4w]; an addition [S, code] to the decoder's code.
        `origins` [S, 2]: row and column of a training crop on the token grid."""
        s, c, h, w = x.shape
        known = torch.cat([tokens, certainty.unsqueeze(1).expand(-1, tokens.shape[1], -1)], -1)
        embedded = self.embed(known)
        place = crop(self.position.unsqueeze(0).expand(s, -1, -1, -1), h, w, origins)
        query = (x + place).flatten(2).transpose(1, 2)
        found = self.attention(query, embedded + self.key_position)
        local = crop(F.silu(embedded).transpose(1, 2).reshape(s, -1, self.side, self.side), h, w, origins)
        scale, shift = self.deepest(local).chunk(2, dim=1)
        x = x * (1 + scale) + shift + found.transpose(1, 2).reshape(s, c, h, w)
        maps = [
            F.interpolate(layer(local), scale_factor=2.0 ** (i + 1), mode="nearest")
            for i, layer in enumerate(self.guides)
        ]
        return x, maps, self.overall(F.silu(embedded).mean(1))


def zeroed(layer: nn.Conv2d | nn.Linear) -> nn.Conv2d | nn.Linear:
    """-> the layer, its weights and biases set to 0"""
    nn.init.zeros_(layer.weight)
    nn.init.zeros_(layer.bias)
    return layer


def crop(maps: Tensor, h: int, w: int, origins: Tensor | None) -> Tensor:
    """[S, C, side, side] -> [S, C, h, w] from the given origins [S, 2]; all of it without them"""
    if origins is None:
        return maps
    return torch.stack([m[:, y : y + h, x : x + w] for m, (y, x) in zip(maps, origins.tolist())])


class CUNetDecoder(UNetDecoder):
    """The encoder's outputs, tokens [S, T, D] (zeros: none), certainty [S, 1] (0: no tokens, 0.5: a sample,
    1: the true ones), target [S, 4] one-hot, availability [S, 4] -> prediction and its expected absolute
    error, both [S, 1, H, W], normalized"""

    def __init__(self, config: Config):
        super().__init__(config)
        self.condition = ConditionEmbedding(config)

    def forward(
        self,
        features: tuple[Tensor, ...],
        tokens: Tensor,
        certainty: Tensor,
        target: Tensor,
        availability: Tensor,
        origins: Tensor | None = None,
    ) -> tuple[Tensor, Tensor]:
        x, maps, overall = self.condition(features[-1], tokens, certainty, origins)
        code = self.code(torch.cat([target, availability], -1)) + overall
        return self.decode(features, x, code, availability, tuple(maps))


class CUNet(nn.Module):
    """images [S, 12, H, W], and the decoder's other inputs -> prediction and expected error [S, 1, H, W]"""

    def __init__(self, config: Config):
        super().__init__()
        self.encoder, self.decoder = UNetEncoder(config), CUNetDecoder(config)

    def forward(
        self,
        images: Tensor,
        availability: Tensor,
        tokens: Tensor,
        certainty: Tensor,
        target: Tensor,
        origins: Tensor | None = None,
    ) -> tuple[Tensor, Tensor]:
        return self.decoder(
            self.encoder(images, availability), tokens, certainty, target, availability, origins
        )

    def start_from(self, unet: UNet) -> None:
        """Take the weights of the plain U-Net; the Condition Embedding keeps its own. Raises ValueError if
        the shapes differ."""
        missing, unexpected = self.load_state_dict(unet.state_dict(), strict=False)
        if unexpected or any(not name.startswith("decoder.condition.") for name in missing):
            raise ValueError("the plain U-Net does not have the C-UNet's shape")
