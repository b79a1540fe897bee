"""MRM, the modality-specific representation model of CDM (arXiv 2409.08500): one masked autoencoder per
contrast.

It has convolutions instead of attention. With patches of 8 voxels the tokens have the grid of the latents,
and few patients are enough. Hidden patches are set to 0 before every mixing layer, as in sparse masked
autoencoders (ConvNeXt V2, arXiv 2301.00808).
"""

from __future__ import annotations

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from ... import CONTRASTS
from .lowres import BLOCK

TOKEN = 16  # channels of a token
TOKENS = TOKEN * len(CONTRASTS)
WIDTH = 64
ENCODER_BLOCKS = 4
DECODER_BLOCKS = 2
HIDDEN = 0.75  # share of hidden patches


class ChannelNorm(nn.Module):
    """[N, C, h, w] divided by its root mean square over the channels at every place, and scaled (arXiv
    1910.07467)"""

    def __init__(self, channels: int):
        super().__init__()
        self.gain = nn.Parameter(torch.ones(1, channels, 1, 1))

    def forward(self, x: Tensor) -> Tensor:
        return x / torch.sqrt(x.square().mean(1, keepdim=True) + 1e-6) * self.gain


def pointwise(width: int) -> nn.Sequential:
    """-> an MLP along the channels, [N, C, h, w] -> [N, C, h, w], whose output is 0 at first"""
    last = nn.Conv2d(2 * width, width, 1)
    for parameter in last.parameters():
        nn.init.zeros_(parameter)
    return nn.Sequential(nn.Conv2d(width, 2 * width, 1), nn.SiLU(), last)


class Mixer(nn.Module):
    """[N, C, h, w] -> [N, C, h, w]: depthwise 5 x 5, then pointwise; `visible` [N, 1, h, w] masks the
    input"""

    def __init__(self, width: int):
        super().__init__()
        self.norm = ChannelNorm(width)
        self.depthwise = nn.Conv2d(width, width, 5, padding=2, groups=width)
        self.pointwise = pointwise(width)

    def forward(self, x: Tensor, visible: Tensor) -> Tensor:
        y: Tensor = x + self.pointwise(self.depthwise(self.norm(x) * visible))
        return y


class Encoder(nn.Module):
    """intensity [N, 1, H, W], 0 outside the brain -> tokens [N, 16, H/8, W/8]"""

    def __init__(self) -> None:
        super().__init__()
        self.embed = nn.Conv2d(1, WIDTH, BLOCK, stride=BLOCK)
        self.blocks = nn.ModuleList(Mixer(WIDTH) for _ in range(ENCODER_BLOCKS))
        self.norm = ChannelNorm(WIDTH)
        self.head = nn.Conv2d(WIDTH, TOKEN, 1)

    def forward(self, image: Tensor, visible: Tensor | None = None) -> Tensor:
        x = self.embed(image)
        visible = torch.ones_like(x[:, :1]) if visible is None else visible
        for block in self.blocks:
            x = block(x, visible)
        tokens: Tensor = self.head(self.norm(x))
        return tokens

    @torch.no_grad()
    def standardize(self, mean: Tensor, deviation: Tensor) -> None:
        """Fold a standardization of the tokens, mean and standard deviation [16], into the last layer."""
        self.head.weight.div_(deviation[:, None, None, None])
        assert self.head.bias is not None
        self.head.bias.sub_(mean).div_(deviation)


class Decoder(nn.Module):
    """tokens [N, 16, h, w], visible [N, 1, h, w] -> the voxels of every patch [N, 64, h, w], y-major"""

    def __init__(self) -> None:
        super().__init__()
        self.widen = nn.Conv2d(TOKEN, WIDTH, 1)
        self.hidden = nn.Parameter(torch.zeros(1, WIDTH, 1, 1))
        self.blocks = nn.ModuleList(Mixer(WIDTH) for _ in range(DECODER_BLOCKS))
        self.norm = ChannelNorm(WIDTH)
        self.out = nn.Conv2d(WIDTH, BLOCK * BLOCK, 1)

    def forward(self, tokens: Tensor, visible: Tensor) -> Tensor:
        x = self.widen(tokens) * visible + self.hidden * (1 - visible)
        for block in self.blocks:
            x = block(x, torch.ones_like(visible))
        voxels: Tensor = self.out(self.norm(x))
        return voxels


class Mrm(nn.Module):
    """The encoder with a decoder for training: image [N, 1, H, W], visible [N, 1, H/8, W/8] in {0, 1} ->
    patches [N, 64, H/8, W/8]"""

    def __init__(self) -> None:
        super().__init__()
        self.encoder, self.decoder = Encoder(), Decoder()

    def forward(self, image: Tensor, visible: Tensor) -> Tensor:
        voxels: Tensor = self.decoder(self.encoder(image, visible), visible)
        return voxels


class Tokenizer(nn.Module):
    """The four encoders: intensity [N, 4, H, W] and availability [N, 4] -> tokens [N, 64, H/8, W/8], 0 for
    contrasts that are no source"""

    def __init__(self) -> None:
        super().__init__()
        self.encoders = nn.ModuleList(Encoder() for _ in CONTRASTS)

    def forward(self, images: Tensor, availability: Tensor) -> Tensor:
        return torch.cat(
            [
                encoder(images[:, c : c + 1]) * availability[:, c, None, None, None]
                for c, encoder in enumerate(self.encoders)
            ],
            1,
        )


def patches(image: Tensor) -> Tensor:
    """[N, 1, H, W] -> [N, 64, H/8, W/8]"""
    return F.pixel_unshuffle(image, BLOCK)


def draw_visible(generator: torch.Generator, shape: tuple[int, int, int]) -> Tensor:
    """-> float [N, 1, h, w], 1 for visible patches, exactly a quarter of each image"""
    count, height, width = shape
    order = (
        torch.rand(count, height * width, generator=generator, device=generator.device).argsort(1).argsort(1)
    )
    return (order >= round(HIDDEN * height * width)).float().reshape(count, 1, height, width)


def masked_loss(found: Tensor, image: Tensor, visible: Tensor) -> Tensor:
    """Patches [N, 64, h, w], image [N, 1, H, W], visible [N, 1, h, w] -> mean squared error over the hidden
    patches with brain"""
    wanted = patches(image)
    weight = (1 - visible) * (wanted > 0).any(1, keepdim=True)
    return ((found - wanted).square().mean(1, keepdim=True) * weight).sum() / weight.sum().clamp(min=1)
