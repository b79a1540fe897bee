"""Rigid registration of a patient's contrasts to one of them, to a fraction of a voxel.

Mattes mutual information (Mattes et al., IEEE TMI 2003) over points between the voxels. On the grid,
interpolation smooths at all but whole-voxel shifts, which biases the result towards those (Pluim et al., CVIU
2000).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import SimpleITK as sitk
from scipy import ndimage as ndi

FARTHEST, STEEPEST = 4.0, 3.0  # mm, degrees: a larger result is a failed registration, not motion
SAMPLED = (0.3, 0.1)  # share of the voxels at half and at full resolution
RIM = 2  # voxels under the brain's surface that are not compared
EDGE_WIDTH, EDGE_NOISE = 1.0, 0.01  # voxels, and the gradient under which there is no edge
KEPT_AGREEMENT = 0.97  # least share of `gradient_agreement` afterwards: interpolation lowers it too
MARGIN = 6  # voxels around the brain's box that a shift may reach
SEED = 1
IDENTITY = np.hstack([np.eye(3), np.zeros((3, 1))])


@dataclass(frozen=True)
class Alignment:
    """The result of a registration."""

    matrix: np.ndarray  # float64 [3, 4]: reference voxel (z, y, x) -> voxel of the moving contrast
    note: str  # why identity was kept; empty if a transform was found


def align(moving: np.ndarray, reference: np.ndarray, brain: np.ndarray) -> Alignment:
    """Two contrasts, float [Z, Y, X], and the brain, bool [Z, Y, X], all at 1 mm on one grid -> the transform
    from the reference's voxels to those of the moving contrast

    Remove shading before: it makes the contrasts differ. Identity is kept if the result is implausible or no
    better than as stored.
    """
    box = around(brain)
    found = align_box(moving[box], reference[box], brain[box])
    rotation, corner = found.matrix[:, :3], np.array([side.start for side in box])
    return Alignment(
        np.hstack([rotation, (found.matrix[:, 3] + corner - rotation @ corner)[:, None]]), found.note
    )


def around(mask: np.ndarray) -> tuple[slice, ...]:
    """bool [Z, Y, X] -> its bounding box with MARGIN voxels, within the array"""
    spans = [
        np.flatnonzero(mask.any(tuple(a for a in range(mask.ndim) if a != axis))) for axis in range(mask.ndim)
    ]
    return tuple(
        slice(max(int(s[0]) - MARGIN, 0), min(int(s[-1]) + 1 + MARGIN, n))
        for s, n in zip(spans, mask.shape, strict=True)
    )


def align_box(moving: np.ndarray, reference: np.ndarray, brain: np.ndarray) -> Alignment:
    """`align` in the brain's bounding box; the matrix is of its voxels"""
    inner = ndi.binary_erosion(brain, iterations=RIM)
    if inner.sum() < 10_000:
        return Alignment(IDENTITY, "too small a brain to register")
    centre = [float(v) for v in np.argwhere(inner).mean(0)]
    start = sitk.Euler3DTransform()
    start.SetCenter(centre[::-1])
    fixed, floating = to_image(reference, brain), to_image(moving, brain)
    method = sitk.ImageRegistrationMethod()
    method.SetNumberOfThreads(1)  # several sum in random order, and the last digits vary
    method.SetMetricAsMattesMutualInformation(numberOfHistogramBins=40)
    method.SetMetricSamplingStrategy(method.RANDOM)
    method.SetMetricSamplingPercentagePerLevel(SAMPLED, SEED)
    method.SetMetricFixedMask(sitk.GetImageFromArray(inner.astype(np.uint8)))
    method.SetMetricMovingMask(sitk.GetImageFromArray(ndi.binary_erosion(brain).astype(np.uint8)))
    method.SetInterpolator(sitk.sitkLinear)
    method.SetShrinkFactorsPerLevel((2, 1))
    method.SetSmoothingSigmasPerLevel((1.0, 0.0))
    method.SetOptimizerAsRegularStepGradientDescent(
        learningRate=0.3,
        minStep=0.003,
        numberOfIterations=60,
        relaxationFactor=0.5,
        gradientMagnitudeTolerance=1e-6,
    )
    method.SetOptimizerScalesFromPhysicalShift()
    method.SetInitialTransform(start, inPlace=False)
    try:
        found = sitk.Euler3DTransform(
            sitk.CompositeTransform(method.Execute(fixed, floating)).GetNthTransform(0)
        )
    except RuntimeError as error:
        return Alignment(IDENTITY, f"registration failed ({str(error).strip().splitlines()[-1]})")
    matrix = to_matrix(found)
    shift, angle = shift_and_angle(matrix, np.asarray(centre))
    if np.linalg.norm(shift) > FARTHEST or angle > STEEPEST:
        return Alignment(IDENTITY, f"implausible: {np.linalg.norm(shift):.1f} mm, {angle:.1f} degrees")
    if mutual_information(found, fixed, floating, inner) <= mutual_information(start, fixed, floating, inner):
        return Alignment(IDENTITY, "no better than as stored by mutual information")
    before, after = (
        gradient_agreement(v, reference, inner) for v in (moving, resampled(moving, matrix, brain))
    )
    if after < KEPT_AGREEMENT * before:
        return Alignment(IDENTITY, "worse than as stored by gradients")
    return Alignment(matrix, "")


def mutual_information(
    transform: sitk.Transform, fixed: sitk.Image, moving: sitk.Image, inner: np.ndarray
) -> float:
    """-> mutual information inside the mask, over points that the optimization did not use"""
    method = sitk.ImageRegistrationMethod()
    method.SetMetricAsMattesMutualInformation(numberOfHistogramBins=40)
    method.SetMetricSamplingStrategy(method.RANDOM)
    method.SetMetricSamplingPercentage(SAMPLED[-1], SEED + 1)
    method.SetMetricFixedMask(sitk.GetImageFromArray(inner.astype(np.uint8)))
    method.SetInterpolator(sitk.sitkLinear)
    method.SetInitialTransform(transform)
    return -float(method.MetricEvaluate(fixed, moving))


def gradient_agreement(moving: np.ndarray, reference: np.ndarray, inner: np.ndarray) -> float:
    """Two contrasts and a mask [Z, Y, X] -> mean squared cosine between the gradients inside the mask
    (normalized gradient fields, Haber and Modersitzki, MICCAI 2006), an independent check: remaining
    shading biases mutual information"""
    first, second = (np.stack(np.gradient(ndi.gaussian_filter(v, EDGE_WIDTH))) for v in (moving, reference))
    norms = (np.square(v).sum(0) + EDGE_NOISE**2 for v in (first, second))
    return float((np.square((first * second).sum(0)) / np.prod(list(norms), axis=0))[inner].mean())


def to_image(volume: np.ndarray, brain: np.ndarray) -> sitk.Image:
    """-> float image with 1 mm voxels and its origin at voxel 0; the brightest and darkest thousandth are
    clipped, so that the histogram bins are well used"""
    low, high = np.percentile(volume[brain], (0.1, 99.9))
    return sitk.GetImageFromArray(np.clip(volume, low, high).astype(np.float32))


def to_matrix(transform: sitk.Euler3DTransform) -> np.ndarray:
    """Transform of points (x, y, z) -> float64 [3, 4] of voxels (z, y, x)"""
    rotation = np.asarray(transform.GetMatrix()).reshape(3, 3)
    centre, translation = np.asarray(transform.GetCenter()), np.asarray(transform.GetTranslation())
    offset = translation + centre - rotation @ centre
    return np.hstack([rotation[::-1, ::-1], offset[::-1, None]])


def shift_and_angle(matrix: np.ndarray, centre: np.ndarray) -> tuple[np.ndarray, float]:
    """Matrix [3, 4], voxel (z, y, x) -> shift of that voxel in mm (z, y, x), angle in degrees"""
    rotation = matrix[:, :3]
    angle = float(np.degrees(np.arccos(np.clip((np.trace(rotation) - 1) / 2, -1, 1))))
    return rotation @ centre + matrix[:, 3] - centre, angle


def resampled(volume: np.ndarray, matrix: np.ndarray, brain: np.ndarray) -> np.ndarray:
    """Moving contrast, float [Z, Y, X] -> the same on the reference's grid, by one cubic interpolation

    Voxels outside the brain first get the value of the nearest one inside, so that the edge does not ring.
    """
    if np.array_equal(matrix, IDENTITY):
        return volume
    box = around(brain)
    corner, rotation = np.array([side.start for side in box]), matrix[:, :3]
    _, (z, y, x) = ndi.distance_transform_edt(~brain[box], return_indices=True)
    out = np.zeros(volume.shape, np.float32)
    out[box] = ndi.affine_transform(
        volume[box][z, y, x], rotation, matrix[:, 3] + rotation @ corner - corner, order=3, mode="nearest"
    )
    return np.asarray(out * brain)
