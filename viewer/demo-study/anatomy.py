"""The healthy head: fractions of every tissue in each voxel of Colin 27.

All volumes are on Colin's grid of 1 mm cubes: index (i, j, k) runs to the right, the front and the head.
"""

import numpy as np
from scipy import ndimage

CSF_LEVEL, GM_LEVEL, WM_LEVEL = 34.0, 85.0, 113.0  # of Colin's T1 after bias correction
BONE_LEVEL, FLUID_LEVEL = 12.0, 24.0  # below the first there is bone or air only, from the second on none
MIDDLE_FOSSA = np.index_exp[np.r_[30:76, 104:150], 100:, :32]
EYES = ((53, 190, 34), (128, 190, 34))  # centres, voxels
EYE_RADIUS = 11.5  # mm


def ramp(values, start, end):
    """0 up to `start`, 1 from `end` on, linear between."""
    return np.clip((values - start) / (end - start), 0, 1)


def distance_inside(mask):
    return ndimage.distance_transform_edt(mask).astype(np.float32)


def close(mask, radius):
    grown = ndimage.distance_transform_edt(~mask) <= radius
    return ndimage.distance_transform_edt(grown) > radius


def largest_piece(mask):
    labels, _ = ndimage.label(mask)
    return labels == 1 + np.argmax(np.bincount(labels.ravel())[1:])


def without_bias(head, brain):
    """Divides by a smooth field that brings white matter to the same level everywhere."""
    corrected = head.copy()
    for _ in range(3):
        sure = ndimage.binary_erosion(brain & (np.abs(corrected - WM_LEVEL) < 12)).astype(np.float32)
        weight = ndimage.gaussian_filter(sure, 20, truncate=3) + 1e-4
        field = (ndimage.gaussian_filter(sure * corrected, 20, truncate=3) + 1e-4 * WM_LEVEL) / weight
        corrected *= WM_LEVEL / field
    return corrected


def brain_fractions(image, brain, inside):
    """CSF, grey and white matter of each voxel `inside` the skull, by where its value lies between the pure levels."""
    white = ramp(image, GM_LEVEL, WM_LEVEL)
    white[~brain] = 0  # outside the stripped brain only veins and dura are bright
    csf = 1 - ramp(image, CSF_LEVEL, GM_LEVEL)
    # A voxel half ventricle and half white matter looks like grey matter in a T1; it must not become a rim of it.
    ventricles = largest_piece((csf > 0.5) & (distance_inside(inside) > 24))
    at_wall = (ndimage.distance_transform_edt(~ventricles) <= 3) & brain
    at_wall &= ndimage.maximum_filter(image, 5) > (GM_LEVEL + 2 * WM_LEVEL) / 3
    mixed = ramp(image, CSF_LEVEL, WM_LEVEL)
    white = np.where(at_wall, mixed, white)
    csf = np.where(at_wall, 1 - mixed, csf)
    grey = 1 - csf - white
    # On the floor of the middle cranial fossa the brain's voxels hold bone and hardly fluid.
    floor = image[MIDDLE_FOSSA]
    csf[MIDDLE_FOSSA] = 0
    white[MIDDLE_FOSSA] = ramp(floor, GM_LEVEL, WM_LEVEL)
    grey[MIDDLE_FOSSA] = ramp(floor, BONE_LEVEL, GM_LEVEL) - white[MIDDLE_FOSSA]
    # Bone is darker than fluid. The edge of the region is a soft one, not that of its voxels.
    content = ramp(image, BONE_LEVEL, FLUID_LEVEL) * inside
    content *= np.maximum(brain, ramp(ndimage.gaussian_filter(inside.astype(np.float32), 0.8), 0.2, 0.8))
    return {"csf": csf * content, "gm": grey * content, "wm": white * content}


def anatomy(head, brain):
    """Fractions of the healthy head, the inside of the skull, and the whole head with what it encloses."""
    image = without_bias(head, brain)
    inside = ndimage.binary_fill_holes(close(brain, 5))
    # Fluid over the convolutions, which the stripping took away: dark and next to the brain.
    inside |= (ndimage.distance_transform_edt(~inside) <= 2) & (image < 60)
    fractions = brain_fractions(image, brain, inside)

    # The cut of Colin's field of view through ears and face, rounded off.
    i, j, _ = np.indices(head.shape, dtype=np.float32, sparse=True)
    rounded = (np.abs(i - 90) / 90) ** 4 + (np.abs(j - 104) / 111) ** 4
    soft = largest_piece((image > 30) & (rounded < 1)) & ~inside
    fat = ramp(image, 90, 165)
    fractions["fat"] = fat * soft
    fractions["muscle"] = np.minimum(ramp(image, 28, 75), 1 - fat) * soft  # bone, teeth and air: nothing

    for centre in EYES:
        distance = np.sqrt(sum((axis - c) ** 2 for axis, c in zip(np.indices(head.shape, sparse=True), centre)))
        eye = np.clip(EYE_RADIUS + 0.5 - distance, 0, 1)
        for name in fractions:
            fractions[name] = fractions[name] * (1 - eye)
        fractions["csf"] = fractions["csf"] + eye

    whole = close(sum(fractions.values()) > 0.3, 6)
    whole = np.stack([ndimage.binary_fill_holes(whole[:, :, k]) for k in range(whole.shape[2])], axis=2)
    return {name: f.astype(np.float32) for name, f in fractions.items()}, inside, whole
