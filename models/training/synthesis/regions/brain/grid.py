"""The grid of the network, as `canonicalGrid` and `resampleAntialiased` of the engine (engine/src/volume)."""

from __future__ import annotations

import numpy as np
from scipy.ndimage import affine_transform

RAS_TO_LPS = np.diag([-1.0, -1.0, 1.0, 1.0])


def canonical_grid(
    shape: tuple[int, int, int], affine: np.ndarray, spacing: float
) -> tuple[tuple[int, int, int], np.ndarray]:
    """Shape [Z, Y, X] and affine [4, 4] from (i, j, k) to LPS mm -> shape [Z, H, W] and affine to LPS mm of a
    grid of cubes of `spacing` mm along the same axes, permuted and flipped to be nearest to LPS: i to the
    left, j to the back, k to the head"""
    dims = np.array(shape[::-1])
    steps = affine[:3, :3]
    lengths = np.linalg.norm(steps, axis=0)
    free, new_dims, new_steps = [0, 1, 2], [0, 0, 0], np.zeros((3, 3))
    for patient in (2, 1, 0):
        axis = max(free, key=lambda a: abs(steps[patient, a] / lengths[a]))
        free.remove(axis)
        direction = steps[:, axis] / lengths[axis] * (-1 if steps[patient, axis] < 0 else 1)
        new_dims[patient] = max(1, int(np.ceil(dims[axis] * lengths[axis] / spacing - 1e-3)))
        new_steps[:, patient] = direction * spacing
    centre = affine[:3, :3] @ ((dims - 1) / 2) + affine[:3, 3]
    result = np.eye(4)
    result[:3, :3] = new_steps
    result[:3, 3] = centre - new_steps @ ((np.array(new_dims) - 1) / 2)
    return (new_dims[2], new_dims[1], new_dims[0]), result


def bin_shrink(volume: np.ndarray, affine: np.ndarray, spacing: float) -> tuple[np.ndarray, np.ndarray]:
    """Volume [Z, Y, X] and affine -> both after averaging whole boxes of voxels that fit into `spacing` mm"""
    lengths = np.linalg.norm(affine[:3, :3], axis=0)
    factors = [min(n, max(1, int(np.floor(spacing / s + 1e-3)))) for n, s in zip(volume.shape[::-1], lengths)]
    fx, fy, fz = factors
    z, y, x = (n // f for n, f in zip(volume.shape, (fz, fy, fx)))
    shrunk = volume[: z * fz, : y * fy, : x * fx].reshape(z, fz, y, fy, x, fx).mean((1, 3, 5))
    to_box = np.diag([*map(float, factors), 1.0])
    to_box[:3, 3] = (np.array(factors) - 1) / 2
    return shrunk, affine @ to_box


def resample(
    volume: np.ndarray, affine: np.ndarray, shape: tuple[int, int, int], target: np.ndarray
) -> np.ndarray:
    """Volume [Z, Y, X] with `affine` -> float32 [Z, H, W] of `shape` with affine `target`, both to LPS mm:
    trilinear after `bin_shrink`, 0 outside the volume"""
    spacing = float(np.linalg.norm(target[:3, :3], axis=0).min())
    volume, affine = bin_shrink(volume.astype(np.float32), affine, spacing)
    between = np.linalg.inv(affine) @ target
    matrix, offset = between[:3, :3][::-1, ::-1], between[:3, 3][::-1]
    padded = np.pad(volume, 1, mode="edge")  # extends values by half a voxel
    held = affine_transform(padded, matrix, offset + 1, shape, order=1, mode="nearest")
    index = (
        np.einsum("ab,bzyx->azyx", matrix, np.indices(shape, dtype=np.float32)) + offset[:, None, None, None]
    )
    limits = np.array(volume.shape)[:, None, None, None] - 0.5
    return np.where(((index >= -0.5) & (index <= limits)).all(0), held, 0).astype(np.float32)


def to_canonical_grid(
    volume: np.ndarray, affine: np.ndarray, spacing: float
) -> tuple[np.ndarray, np.ndarray]:
    """Volume [Z, Y, X] and its affine to LPS mm -> float32 [Z, H, W] and its affine, on the canonical grid"""
    shape, target = canonical_grid(volume.shape, affine, spacing)
    return resample(volume, affine, shape, target), target
