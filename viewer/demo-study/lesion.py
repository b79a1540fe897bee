"""The lesion: enhancing rim, necrotic core, oedema and mass effect."""

import numpy as np
from scipy import ndimage

from anatomy import distance_inside

LESION = (121, 110, 102)  # centre in Colin's voxels: deep white matter of the right hemisphere
RIM_RADIUS, CORE_RADIUS, OEDEMA_RADIUS = 14.0, 9.0, 31.0  # mm
PUSH = 9.0  # mm, at the rim
PUSH_REACH = 30.0  # mm beyond the rim
CORE_FLUID = 0.5  # of the core, which is necrotic; the rest is tumour that takes up no agent


def smooth_noise(rng, shape, sigma):
    noise = ndimage.gaussian_filter(rng.standard_normal(shape, dtype=np.float32), sigma, mode="wrap", truncate=3)
    return noise / noise.std()


def add_lesion(fractions, inside, rng):
    """Pushes the tissue aside, then puts rim, core and oedema in. The skull stays where it is."""
    shape = inside.shape
    offset = [axis - c for axis, c in zip(np.indices(shape, dtype=np.float32, sparse=True), LESION)]
    radius = np.sqrt(sum(o**2 for o in offset))
    beyond = np.maximum(radius - RIM_RADIUS, 0) / PUSH_REACH
    push = PUSH * np.minimum(radius / RIM_RADIUS, 1) * np.exp(-(beyond**2))
    push *= ndimage.gaussian_filter(np.clip(distance_inside(inside) / 12, 0, 1), 2)
    push *= inside
    scale = push / np.maximum(radius, 1)
    source = [axis - o * scale for axis, o in zip(np.indices(shape, dtype=np.float32, sparse=True), offset)]
    lesioned = {name: ndimage.map_coordinates(f, source, order=1) for name, f in fractions.items()}

    def ball(r, wobble, width):  # 1 inside, 0 outside, with an uneven surface
        return 1 / (1 + np.exp(-np.clip((r + wobble - radius) / width, -30, 30)))

    coarse = smooth_noise(rng, shape, 6)
    swollen = ball(OEDEMA_RADIUS, 6 * coarse, 2.0)
    wet = {"wm": 0.9 * swollen, "gm": 0.15 * swollen}  # oedema follows white matter and spares the cortex
    lesioned["oedema"] = sum(lesioned[name] * w for name, w in wet.items())
    for name, w in wet.items():
        lesioned[name] = lesioned[name] * (1 - w)

    fine = smooth_noise(rng, shape, 3)
    outer = ball(RIM_RADIUS, 2.5 * coarse + 1.0 * fine, 0.5)
    core = outer * ball(CORE_RADIUS, 3.0 * coarse - 1.0 * fine, 0.6)
    for name in lesioned:
        lesioned[name] = lesioned[name] * (1 - outer)
    lesioned["rim"] = outer - core
    lesioned["tumour"] = (1 - CORE_FLUID) * core
    lesioned["csf"] = lesioned["csf"] + CORE_FLUID * core
    return lesioned
