"""C-UNet, the cross-conditioned U-Net: source slices and the target's token map -> target slices. One for all targets.

Encoder and decoder are separate networks, because the encoder runs once and the decoder once a sample.
"""
from __future__ import annotations

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from . import CONTRASTS, NEIGHBOURS
from .config import Config
from .layers import Attention, Mlp, position

SLOPE = 0.1  # of the leaky rectifier


class ConvNorm(nn.Module):
    """3 x 3 convolution and batch normalization; `fuse` makes them one convolution for export."""

    def __init__(self, inputs: int, outputs: int, stride: int = 1):
        super().__init__()
        self.conv = nn.Conv2d(inputs, outputs, 3, stride, padding=1, bias=False)
        self.norm: nn.Module = nn.BatchNorm2d(outputs)

    def forward(self, x: Tensor) -> Tensor:
        return self.norm(self.conv(x))

    def fuse(self) -> None:
        self.conv = torch.nn.utils.fusion.fuse_conv_bn_eval(self.conv, self.norm)
        self.norm = nn.Identity()


class EncoderLevel(nn.Module):
    def __init__(self, inputs: int, outputs: int):
        super().__init__()
        self.down = ConvNorm(inputs, outputs, stride=2)
        self.conv = ConvNorm(outputs, outputs)
        self.code = nn.Linear(len(CONTRASTS), outputs)

    def forward(self, x: Tensor, availability: Tensor) -> Tensor:
        x = F.leaky_relu(self.down(x) + self.code(availability)[:, :, None, None], SLOPE)
        return F.leaky_relu(x + self.conv(x), SLOPE)


class CUNetEncoder(nn.Module):
    """images [S, 12, H, W] (contrast-major, zeros where absent), availability [S, 4] ->
    centre slices [S, 4, H, W], then one feature map a level, the resolution halving down to the token grid"""

    def __init__(self, config: Config):
        super().__init__()
        channels = config.cunet.channels
        self.stem = ConvNorm(len(CONTRASTS) * (2 * NEIGHBOURS + 1), channels[0])
        self.levels = nn.ModuleList(EncoderLevel(a, b) for a, b in zip(channels, channels[1:]))

    def forward(self, images: Tensor, availability: Tensor) -> tuple[Tensor, ...]:
        features = [images[:, NEIGHBOURS::2 * NEIGHBOURS + 1], F.leaky_relu(self.stem(images), SLOPE)]
        for level in self.levels:
            features.append(level(features[-1], availability))
        return tuple(features)


class DecoderLevel(nn.Module):
    def __init__(self, inputs: int, outputs: int, code: int):
        super().__init__()
        self.narrow = nn.Conv2d(inputs, outputs, 1)
        self.conv = ConvNorm(outputs, outputs)
        self.code = nn.Linear(code, 2 * outputs)

    def forward(self, x: Tensor, skip: Tensor, code: Tensor) -> Tensor:
        x = F.interpolate(self.narrow(x), scale_factor=2.0, mode="nearest") + skip
        scale, shift = self.code(code)[:, :, None, None].chunk(2, dim=1)
        return F.leaky_relu(self.conv(x) * (1 + scale) + shift, SLOPE)


class ConditionEmbedding(nn.Module):
    """Cross-attention of the deepest feature map [S, C, h, w] to the tokens [S, T, D]."""

    def __init__(self, config: Config):
        super().__init__()
        width, side = config.cunet.channels[-1], config.token_side
        self.position = position(width, side, side)
        self.key_position = position(1, config.token_count, width)
        self.embed = nn.Linear(config.tokens.channels, width)
        self.attention = Attention(width, config.cunet.heads)
        self.conv = ConvNorm(width, width)

    def forward(self, x: Tensor, tokens: Tensor, origins: Tensor | None) -> Tensor:
        s, c, h, w = x.shape
        if origins is None:
            place = self.position.unsqueeze(0)
        else:
            place = torch.stack([self.position[:, y:y + h, x:x + w] for y, x in origins.tolist()])
        query = (x + place).flatten(2).transpose(1, 2)
        found = self.attention(query, self.embed(tokens) + self.key_position)
        x = x + found.transpose(1, 2).reshape(s, c, h, w)
        return F.leaky_relu(x + self.conv(x), SLOPE)


class CUNetDecoder(nn.Module):
    """the encoder's outputs, tokens [S, T, D] (zeros: unknown), target [S, 4] one-hot, availability [S, 4] ->
    prediction [S, 1, H, W], normalized: a mix of the sources' centre slices plus a residual"""

    def __init__(self, config: Config):
        super().__init__()
        c, contrasts = config.cunet, len(CONTRASTS)
        up = c.channels[::-1]
        self.code = nn.Sequential(Mlp(2 * contrasts + config.tokens.channels, c.code, c.code), nn.SiLU())
        self.condition = ConditionEmbedding(config)
        self.levels = nn.ModuleList(DecoderLevel(a, b, c.code) for a, b in zip(up, up[1:]))
        self.residual = nn.Conv2d(up[-1], 1, 1)
        self.mix = nn.Linear(c.code, contrasts)

    def forward(self, features: tuple[Tensor, ...], tokens: Tensor, target: Tensor, availability: Tensor,
                origins: Tensor | None = None) -> Tensor:
        """`origins` [S, 2]: row and column of a training crop on the token grid"""
        centres, *skips = features
        code = self.code(torch.cat([target, availability, tokens.mean(1)], -1))
        x = self.condition(skips[-1], tokens, origins)
        for level, skip in zip(self.levels, skips[-2::-1]):
            x = level(x, skip, code)
        weights = (self.mix(code) * availability)[:, :, None, None]
        return (weights * centres).sum(1, keepdim=True) + self.residual(x)


class CUNet(nn.Module):
    def __init__(self, config: Config):
        super().__init__()
        self.encoder, self.decoder = CUNetEncoder(config), CUNetDecoder(config)

    def forward(self, images: Tensor, availability: Tensor, tokens: Tensor, target: Tensor, origins: Tensor | None = None) -> Tensor:
        return self.decoder(self.encoder(images, availability), tokens, target, availability, origins)

    def fuse(self) -> None:
        for module in self.modules():
            if isinstance(module, ConvNorm):
                module.fuse()


class AnchoredDecoder(nn.Module):
    """The decoder as it is shipped: with feature maps as separate inputs, and with the prediction drawn by a fixed share towards an
    acquired contrast that resembles the target, where there is one. How a T1ce differs from the T1 depends on the scanner more
    than on the patient; what few patients teach about it does not carry over."""

    def __init__(self, decoder: CUNetDecoder, config: Config):
        super().__init__()
        self.decoder = decoder
        shares = [[config.cunet.anchor.get(target, {}).get(source, 0.0) for source in CONTRASTS] for target in CONTRASTS]
        self.register_buffer("shares", torch.tensor(shares))

    def forward(self, *inputs: Tensor) -> Tensor:
        """f0 ... fN, tokens, target, availability -> prediction [S, 1, H, W]"""
        *features, tokens, target, availability = inputs
        prediction = self.decoder(tuple(features), tokens, target, availability)
        weights = (target @ self.shares) * availability
        anchor = (weights[:, :, None, None] * features[0]).sum(1, keepdim=True)
        return (1 - weights.sum(1))[:, None, None, None] * prediction + anchor
