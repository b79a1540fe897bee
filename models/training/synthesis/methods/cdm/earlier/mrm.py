"""MRM, the modality-specific representation model: one masked autoencoder per contrast. Its encoding is the
token map y."""

from __future__ import annotations

import torch
from torch import Tensor, nn

from . import NEIGHBOURS
from .config import Config
from .layers import TransformerLayer, position


class MrmEncoder(nn.Module):
    """image [S, 3, H, W], normalized -> tokens [S, T, D], row-major over the patches"""

    def __init__(self, config: Config):
        super().__init__()
        c, patch = config.mrm, config.tokens.patch
        self.embed = nn.Conv2d(2 * NEIGHBOURS + 1, c.width, patch, stride=patch)
        self.position = position(1, config.token_count, c.width)
        self.layers = nn.ModuleList(TransformerLayer(c.width, c.heads) for _ in range(c.layers))
        self.norm = nn.LayerNorm(c.width)
        self.head = nn.Linear(c.width, config.tokens.channels)

    def forward(self, image: Tensor, visible: Tensor | None = None) -> Tensor:
        """`visible` [S, V]: indices of the patches to encode, for training (-> [S, V, D]); default: all"""
        x = self.embed(image).flatten(2).transpose(1, 2) + self.position
        if visible is not None:
            x = torch.gather(x, 1, visible.unsqueeze(-1).expand(-1, -1, x.shape[-1]))
        for layer in self.layers:
            x = layer(x)
        return self.head(self.norm(x))

    @torch.no_grad()
    def standardize(self, mean: Tensor, std: Tensor) -> None:
        """Fold a standardization of the tokens, mean and std [D], into the last layer."""
        self.head.weight.div_(std[:, None])
        self.head.bias.sub_(mean).div_(std)


class Mrm(nn.Module):
    """The encoder with the decoder that trains it."""

    def __init__(self, config: Config):
        super().__init__()
        c = config.mrm
        self.patch = config.tokens.patch
        self.encoder = MrmEncoder(config)
        self.widen = nn.Linear(config.tokens.channels, c.width)
        self.hidden = nn.Parameter(torch.zeros(1, 1, c.width))
        self.position = position(1, config.token_count, c.width)
        self.layers = nn.ModuleList(TransformerLayer(c.width, c.heads) for _ in range(c.decoder_layers))
        self.out = nn.Linear(c.width, self.patch**2)
        self.mask_ratio, self.visible_weight = c.mask_ratio, c.visible_weight

    def loss(self, image: Tensor) -> Tensor:
        """Mean squared error of the centre slice of `image` [S, 3, H, W] in the masked patches, plus that in
        the visible ones with a smaller weight."""
        s, count = len(image), self.position.shape[1]
        order = torch.rand(s, count, device=image.device).argsort(1)
        visible = order[:, : max(1, round(count * (1 - self.mask_ratio)))]
        index = visible.unsqueeze(-1).expand(-1, -1, self.position.shape[-1])
        shown = self.widen(self.encoder(image, visible))
        x = self.hidden.expand(s, count, -1).to(shown.dtype).scatter(1, index, shown) + self.position
        for layer in self.layers:
            x = layer(x)
        error = (self.out(x).float() - self.patches(image[:, NEIGHBOURS])).square().mean(-1)
        seen = torch.zeros(s, count, device=image.device).scatter(1, visible, 1.0)
        masked = (error * (1 - seen)).sum() / (1 - seen).sum()
        return masked + self.visible_weight * (error * seen).sum() / seen.sum()

    def patches(self, slices: Tensor) -> Tensor:
        """[S, H, W] -> [S, T, patch * patch]"""
        s, h, w = slices.shape
        p = self.patch
        return slices.reshape(s, h // p, p, w // p, p).transpose(2, 3).reshape(s, -1, p * p)
