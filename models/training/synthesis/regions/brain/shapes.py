"""Random smooth deformations: the position in the original of each voxel of a generated volume."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor


def smooth_field(rng: np.random.Generator, channels: int, shape: Sequence[int], knots: int) -> Tensor:
    """-> float32 [channels, Z, H, W], interpolated from standard normal values at `knots` knots along each
    axis"""
    coarse = torch.from_numpy(rng.standard_normal((1, channels, knots, knots, knots), np.float32))
    return F.interpolate(coarse, list(shape), mode="trilinear", align_corners=True)[0]


def rotation(angles: np.ndarray) -> np.ndarray:
    """Radians about the three array axes -> [3, 3]"""
    result = np.eye(3)
    for axis, angle in enumerate(angles):
        a, b = [i for i in range(3) if i != axis]
        turn = np.eye(3)
        turn[a, a] = turn[b, b] = np.cos(angle)
        turn[a, b], turn[b, a] = -np.sin(angle), np.sin(angle)
        result = result @ turn
    return result


def random_places(rng: np.random.Generator, shape: tuple[int, int, int], centre: np.ndarray) -> Tensor:
    """Rotation by up to 20 degrees, scale 0.85 to 1.15 (and up to 6 % more per axis), mirroring, shift, and a
    deformation of about 3 mm.

    `centre`: voxel [3] of the original in the middle of a volume of `shape` -> voxels of the original
    [3, Z, H, W]
    """
    turn = rotation(rng.uniform(-1, 1, 3) * np.deg2rad(20) * rng.uniform(0, 1))
    scale = rng.uniform(0.85, 1.15) * rng.uniform(0.94, 1.06, 3) * [1, 1, rng.choice([-1, 1])]
    matrix = torch.tensor(turn @ np.diag(1 / scale), dtype=torch.float32)
    middle = torch.tensor([(n - 1) / 2 for n in shape], dtype=torch.float32) + torch.tensor(
        rng.uniform(-1, 1, 3) * [6, 10, 10], dtype=torch.float32
    )
    axes = [torch.arange(n, dtype=torch.float32) - m for n, m in zip(shape, middle)]
    z, y, x = axes[0][:, None, None], axes[1][:, None], axes[2]
    bend = smooth_field(rng, 3, shape, int(rng.integers(4, 8))) * float(rng.uniform(0, 1.5))
    for row in range(3):
        bend[row] += matrix[row, 0] * z + matrix[row, 1] * y + matrix[row, 2] * x + float(centre[row])
    return bend


def look_up(channels: Tensor, places: Tensor) -> Tensor:
    """float32 [C, Z, Y, X] at `places` (voxels [3, ...]), trilinear, 0 outside -> [C, ...]"""
    sizes = torch.tensor(channels.shape[1:], dtype=torch.float32).reshape(3, 1, 1, 1)
    grid = (places * 2 + 1) / sizes - 1
    return F.grid_sample(
        channels[None], grid.flip(0).permute(1, 2, 3, 0)[None], mode="bilinear", align_corners=False
    )[0]
