"""Batches of latents for the diffusion and its baseline, and statistics of the latents."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor

from ... import CONTRASTS, LABELS, T1CE
from ...data.codes import SPREAD, WHITE_MATTER
from .latents import LatentCase
from .lowres import SLAB, valid_cells

CHANNELS = 2  # of a latent
CONDITION_MAPS = 2 + len(CONTRASTS) + len(LABELS) - 1  # without the lesion probability of "none"
TYPICAL_SCALE = 1 / 16  # of the expected error, in intensity
LONGEST = 200.0  # mm, of the correlation along z


@dataclass(frozen=True)
class Statistics:
    """Statistics of the latents that a network is trained on."""

    spread: tuple[tuple[float, float], ...]  # [4][2], root mean square of a latent by target and channel
    length: float  # mm, correlation length of channel 0 along z


UNKNOWN = Statistics(((1.0, 1.0),) * len(CONTRASTS), 1.0)
"""Of a network whose own are read with its weights."""


def measure(cases: list[LatentCase]) -> Statistics:
    """-> root mean squares of the latents, and the length l of exp(-4 mm / l), the correlation of
    neighbouring key slices"""
    squares, counts = np.zeros((len(CONTRASTS), CHANNELS)), np.zeros((len(CONTRASTS), CHANNELS))
    products = power = 0.0
    for case in cases:
        valid = case.valid[:, 0]
        both = valid[1:] & valid[:-1]
        for c in case.targets:
            y = case.residual[:, c].double()
            squares[c, 0] += float(y[valid].square().sum())
            counts[c, 0] += int(valid.sum())
            products += float((y[1:] * y[:-1])[both].sum())
            power += float(0.5 * (y[1:].square() + y[:-1].square())[both].sum())
        if case.segmented and T1CE in case.targets:
            squares[T1CE, 1] += float(case.enhancing[:, 0].double()[valid].square().sum())
            counts[T1CE, 1] += int(valid.sum())
    spread = np.sqrt(np.where(counts > 0, squares / np.maximum(counts, 1), 1.0))
    rho = products / power if power > 0 else 0.0
    length = min(LONGEST, -SLAB / math.log(rho)) if 0.01 < rho < 1 else (LONGEST if rho >= 1 else 1.0)
    return Statistics(tuple((max(float(a), 1e-3), max(float(b), 1e-3)) for a, b in spread), length)


@dataclass(frozen=True)
class Batch:
    """V volumes of K key slices each, as float32 on one device."""

    latent: Tensor  # [V K, 2, h, w]
    mask: Tensor  # [V K, 2, h, w], 1 where the latent is known
    valid: Tensor  # [V K, 1, h, w], 1 where there is enough brain
    # [V K, CONDITION_MAPS, h, w]: D(mu) and D(b) of the target, D(sources), D(p), each of about unit size
    condition_maps: Tensor
    features: Tensor  # [V K, F, h, w]
    tokens: Tensor  # [V K, 64, h, w]
    target: Tensor  # [V, 4], one-hot
    availability: Tensor  # [V, 4]

    def by_volume(self, x: Tensor) -> Tensor:
        """[V K, ...] -> [V, K, ...]"""
        return x.reshape(len(self.target), -1, *x.shape[1:])


def condition_maps(
    mean: Tensor, scale: Tensor, images: Tensor, lesion: Tensor, given: Tensor, valid: Tensor
) -> Tensor:
    """D(mu) and D(b) of the target [K, 1, h, w], D(sources) [K, 4, h, w], D(p) [K, 4, h, w], availability
    [4], valid [K, 1, h, w] -> [K, CONDITION_MAPS, h, w]"""
    centred = [(m - WHITE_MATTER) / SPREAD for m in (mean, images)]
    parts = [centred[0], scale / TYPICAL_SCALE, centred[1] * given[:, None, None], lesion]
    return torch.cat(parts, 1) * valid


def whole(case: LatentCase, target: int, device: torch.device) -> Batch:
    """-> one whole volume, V = 1"""
    return window(case, target, 0, len(case.share), device)


def window(case: LatentCase, target: int, start: int, keys: int, device: torch.device) -> Batch:
    """-> `keys` key slices from `start` on, V = 1; cells after the last one are invalid"""

    def cut(maps: Tensor) -> Tensor:
        piece = maps[start : start + keys].to(device).float()
        return torch.nn.functional.pad(piece, (0, 0, 0, 0, 0, 0, 0, keys - len(piece)))

    valid = valid_cells(cut(case.share)).float()
    given = torch.tensor([float(c in case.sources) for c in range(len(CONTRASTS))], device=device)
    one_hot = torch.nn.functional.one_hot(torch.tensor(target, device=device), len(CONTRASTS)).float()
    known = float(target == T1CE and case.segmented)
    mean, scale = (cut(m[:, target : target + 1]) for m in (case.mean, case.scale))
    maps = condition_maps(mean, scale, cut(case.images), cut(case.lesion), given, valid)
    latent = torch.cat([cut(case.residual[:, target : target + 1]), cut(case.enhancing) * known], 1) * valid
    return Batch(
        latent,
        torch.cat([valid, known * valid], 1),
        valid,
        maps,
        cut(case.features),
        cut(case.tokens),
        one_hot[None],
        given[None],
    )


def draw_batch(
    cases: list[LatentCase], generator: torch.Generator, count: int, keys: int, device: torch.device
) -> Batch:
    """-> V = `count` random windows of `keys` key slices, each of a random case and target"""
    pairs = [(case, target) for case in cases for target in case.targets]
    drawn = torch.rand(count, 2, generator=generator, device=generator.device).tolist()
    parts = []
    for a, b in drawn:
        case, target = pairs[int(a * len(pairs))]
        start = int(b * (max(0, len(case.share) - keys) + 1))
        parts.append(window(case, target, start, keys, device))
    return Batch(*(torch.cat([getattr(part, name) for part in parts]) for name in Batch.__dataclass_fields__))
