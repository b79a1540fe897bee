"""Layers that the networks share, of operators that every onnxruntime provider runs well."""

from __future__ import annotations

import torch
from torch import Tensor, nn


class Attention(nn.Module):
    """Multi-head attention of queries [S, N, C] to a context [S, M, C], as plain matrix products."""

    def __init__(self, width: int, heads: int):
        super().__init__()
        self.heads = heads
        self.query, self.key, self.value, self.out = (nn.Linear(width, width) for _ in range(4))

    def split(self, x: Tensor) -> Tensor:
        """[S, N, C] -> [S, heads, N, C / heads]"""
        s, n, c = x.shape
        return x.reshape(s, n, self.heads, c // self.heads).transpose(1, 2)

    def forward(self, x: Tensor, context: Tensor) -> Tensor:
        q, k, v = self.split(self.query(x)), self.split(self.key(context)), self.split(self.value(context))
        weights = torch.softmax(q @ k.transpose(2, 3) * q.shape[-1] ** -0.5, dim=-1)
        return self.out((weights @ v).transpose(1, 2).reshape(x.shape))


class Mlp(nn.Sequential):
    """[..., inputs] -> [..., outputs]"""

    def __init__(self, inputs: int, hidden: int, outputs: int):
        super().__init__(nn.Linear(inputs, hidden), nn.SiLU(), nn.Linear(hidden, outputs))


class TransformerLayer(nn.Module):
    """[S, N, C] -> [S, N, C], self-attention and MLP (pre-norm)"""

    def __init__(self, width: int, heads: int):
        super().__init__()
        self.norm1, self.norm2 = nn.LayerNorm(width), nn.LayerNorm(width)
        self.attention = Attention(width, heads)
        self.mlp = Mlp(width, 2 * width, width)

    def forward(self, x: Tensor) -> Tensor:
        normed = self.norm1(x)
        x = x + self.attention(normed, normed)
        return x + self.mlp(self.norm2(x))


def position(*shape: int) -> nn.Parameter:
    """-> a learned position embedding of this shape"""
    return nn.Parameter(0.02 * torch.randn(*shape))
