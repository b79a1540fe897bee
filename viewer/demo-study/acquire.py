"""The images of a series: slices through the fractions of the tissues, with thickness, magnitude and Rician noise."""

from dataclasses import dataclass

import numpy as np
from scipy import ndimage

from tissues import TISSUES

SLICES = 60
THICKNESS = 3.0  # mm; no gap
SLICE_SAMPLES = 5  # positions across the thickness that are averaged
WHITE_MATTER_LEVEL = 500  # stored value of pure white matter, well inside 12 bits


@dataclass(frozen=True)
class Geometry:
    """Slices in the patient's coordinates (LPS, mm)."""

    row: np.ndarray
    column: np.ndarray
    normal: np.ndarray
    origins: list[np.ndarray]  # middle of the first pixel of each slice


def geometry(series, affine):
    angle = np.radians(series.tilt)
    row = np.array([1.0, 0, 0])
    column = np.array([0, np.cos(angle), np.sin(angle)])
    normal = np.cross(row, column)
    # The middle of the field of view is the middle of Colin's; slices go on along the normal.
    middle = (affine @ [90, 104, 90, 1])[:3] * [-1, -1, 1]
    first = middle + normal * (series.lowest - middle[2])
    corner = -(series.matrix - 1) / 2 * series.spacing * (row + column)
    return Geometry(row, column, normal, [first + corner + normal * THICKNESS * k for k in range(SLICES)])


def indices_of(plane, series, affine, origin):
    """Where the pixels of a slice lie on Colin's grid."""
    steps = np.arange(series.matrix) * series.spacing
    lps = origin[:, None, None] + plane.column[:, None, None] * steps[:, None] + plane.row[:, None, None] * steps
    ras = lps * np.array([-1, -1, 1])[:, None, None]
    inverse = np.linalg.inv(affine)
    at = np.tensordot(inverse[:3, :3], ras, 1) + inverse[:3, 3][:, None, None]
    at[2] = np.maximum(at[2], 0)  # the neck goes on below Colin's lowest slice
    return at


def acquire(series, fractions, whole, affine, rng):
    """Stored pixel values of every slice. Signed signals are mixed and averaged; magnitude and noise come last.

    (Mixing relaxation times instead would give FLAIR a false rim where tissue meets CSF.)
    """
    signal = sum(series.signal(TISSUES[name]) * f for name, f in fractions.items())
    near = (ndimage.distance_transform_edt(~whole) <= 4).astype(np.float32)
    white = series.signal(TISSUES["wm"])
    plane = geometry(series, affine)
    slices = []
    for origin in plane.origins:
        mean = np.zeros((series.matrix, series.matrix))
        for step in (np.arange(SLICE_SAMPLES) + 0.5) / SLICE_SAMPLES - 0.5:
            at = indices_of(plane, series, affine, origin + plane.normal * step * THICKNESS)
            mean += ndimage.map_coordinates(signal, at, order=1) / SLICE_SAMPLES
        real, imaginary = rng.normal(0, white / series.snr, (2, *mean.shape))
        noisy = np.hypot(np.abs(mean) + real, imaginary)
        # Scanners that mask the background write zeros there; so does this, and the files stay small.
        seen = ndimage.map_coordinates(near, indices_of(plane, series, affine, origin), order=1) > 0.5
        slices.append(np.clip(np.rint(noisy * seen / white * WHITE_MATTER_LEVEL), 0, 4095).astype(np.uint16))
    return plane, slices
