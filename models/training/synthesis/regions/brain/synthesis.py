"""Generated volumes with a brain mask: real ones with other shapes, intensities, scanners and fields of
view."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeVar

import numpy as np
import torch
import torch.nn.functional as F
from scipy.ndimage import find_objects
from torch import Tensor

from .config import Input
from .data import BRAIN_TISSUES, OTHER_TISSUES, Head, Stripped
from .pipeline import normalize
from .shapes import look_up, random_places, smooth_field

SIDE = 128  # rows and columns of an example; slices vary
DEPTH = 128  # slices at most
LEVELS = 170  # codes of 1.0 in a stored example

Item = TypeVar("Item")


@dataclass(frozen=True)
class Example:
    """A generated volume as codes, which take a quarter of the memory."""

    codes: np.ndarray  # uint8 [Z, SIDE, SIDE], LEVELS times the network's input
    brain: np.ndarray  # bool, same shape
    person: str  # of the original head, '' without one


class Synthesis:
    """Generates examples from random numbers; the same generator state gives the same example."""

    def __init__(self, heads: list[Head], stripped: list[Stripped], rule: Input):
        self.stripped, self.rule = stripped, rule
        self.people = [
            [h for h in heads if h.person == person] for person in sorted({h.person for h in heads})
        ]
        faces = np.array([not all(h.defaced for h in person) for person in self.people])
        # Half of the drawn heads have a face.
        weights = np.where(faces, 1 / max(1, faces.sum()), 1 / max(1, (~faces).sum()))
        self.weights = weights / weights.sum()

    def example(self, rng: np.random.Generator) -> Example:
        """-> a random example"""
        draw, person = rng.random(), ""
        if draw < 0.20 and self.stripped:
            image, brain, stripped = *stripped_brain(rng, choose(rng, self.stripped)), True
        elif draw < 0.27 or not self.people:
            image, brain, stripped = *ellipsoid_head(rng), False
        else:
            head = choose(rng, self.people[rng.choice(len(self.people), p=self.weights)])
            image, person = random_intensities(rng, head), head.person
            if self.stripped and rng.random() < 0.3:
                image = transplant(rng, head, image, choose(rng, self.stripped))
            brain, stripped = head.brain.astype(np.float32), rng.random() < 0.1
            if stripped:
                image = image * head.brain
        volume, label = reshape(rng, image, brain)
        if not stripped:
            volume = change_face(rng, volume, label)
        volume, label = crop_slices(rng, acquire(rng, volume), label)
        codes = np.minimum(np.rint(normalize(volume.numpy(), self.rule) * LEVELS), 255).astype(np.uint8)
        return Example(codes, label.numpy(), person)


def choose(rng: np.random.Generator, items: list[Item]) -> Item:
    """-> a random item"""
    return items[rng.integers(len(items))]


def curve(rng: np.random.Generator, image: np.ndarray) -> np.ndarray:
    """Intensities of any shape -> the same with a random gamma; 0 stays 0"""
    return image ** np.float32(np.exp(rng.normal(0, 0.25)))


def random_intensities(rng: np.random.Generator, head: Head) -> np.ndarray:
    """-> the head [Z, H, W] with its own intensities, with a random intensity per tissue (as in SynthStrip),
    or a mixture of both"""
    real = curve(rng, head.image)
    share = rng.choice([0.0, 1.0, rng.uniform(0.3, 1)], p=[0.5, 0.25, 0.25])
    if share == 0:
        return real
    levels = rng.uniform(0, 1.2, 1 + OTHER_TISSUES + BRAIN_TISSUES).astype(np.float32)
    levels[0] = rng.uniform(0, 0.05) if rng.random() < 0.85 else rng.uniform(0, 0.3)
    if rng.random() < 0.7:  # tissues of the brain are alike, in random order of brightness
        levels[-BRAIN_TISSUES:] = rng.uniform(0.15, 1) + rng.uniform(0.02, 0.25) * rng.standard_normal(
            BRAIN_TISSUES
        )
    by_tissue = np.abs(levels)[head.tissues]
    texture = 1 + rng.uniform(0, 0.5) * (head.image - 0.6) * (rng.integers(2) * 2 - 1)
    return share * by_tissue * np.clip(texture, 0.5, 1.5) + (1 - share) * real


def box(mask: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """bool [Z, H, W] -> centre and size of the bounding box, voxels [3]"""
    where = find_objects(mask.astype(np.uint8))[0]
    low, high = np.array([s.start for s in where]), np.array([s.stop for s in where])
    return (low + high - 1) / 2, high - low


def intensity_of(rng: np.random.Generator, patient: Stripped) -> np.ndarray:
    """-> float32 [Z, H, W] in [0, 1.3], a random contrast of a stripped brain with random gamma and floor; 0
    outside"""
    code = patient.images[choose(rng, sorted(patient.images))].astype(np.float32) / 200
    floor = np.float32(rng.uniform(0, 0.25))
    return np.where(code > 0, curve(rng, code) * (1 - floor) + floor * np.minimum(1, code * 10), 0)


def stripped_brain(rng: np.random.Generator, patient: Stripped) -> tuple[np.ndarray, np.ndarray]:
    """-> image and brain, float32 [Z, H, W]"""
    return intensity_of(rng, patient), patient.brain.astype(np.float32)


def transplant(rng: np.random.Generator, head: Head, image: np.ndarray, donor: Stripped) -> np.ndarray:
    """-> the image [Z, H, W] with the donor's brain in place of the head's, scaled to its bounding box; gaps
    become fluid"""
    (centre, size), (donor_centre, donor_size) = box(head.brain), box(donor.brain)
    ratio = donor_size / size
    z, y, x = (torch.arange(n, dtype=torch.float32) for n in head.brain.shape)
    axes = [
        (a - c) * r + d
        for a, c, r, d in zip((z, y, x), map(float, centre), map(float, ratio), map(float, donor_centre))
    ]
    places = torch.stack(torch.meshgrid(*axes, indexing="ij"))
    channels = torch.from_numpy(np.stack([intensity_of(rng, donor), donor.brain.astype(np.float32)]))
    brain, inside = look_up(channels, places).numpy()
    gain, fluid = rng.uniform(0.4, 1.3), rng.uniform(0, 0.5 if rng.random() < 0.6 else 1.2)
    content = np.where(
        inside > 0.5, gain * brain, fluid * (1 + 0.1 * rng.standard_normal(brain.shape, np.float32))
    )
    return np.where(head.brain, content, image).astype(np.float32)


def ellipsoid_head(rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
    """-> image and brain, float32 [Z, H, W], of a head of nested ellipsoids: textured brain, fluid, bone,
    scalp, each of random intensity"""
    shape = (int(rng.integers(70, 100)), 120, 110)
    axes = rng.uniform([28, 34, 28], [38, 46, 37])  # half axes of the brain, voxels
    grids = np.meshgrid(
        *(np.arange(n, dtype=np.float32) - (n - 1) / 2 for n in shape), indexing="ij", sparse=True
    )

    def radius(margin: float) -> np.ndarray:
        return np.sqrt(sum((g / (a + margin)) ** 2 for g, a in zip(grids, axes)))

    inner, fluid, bone, scalp = 0.0, rng.uniform(0, 2.5), rng.uniform(2, 5), rng.uniform(2, 5)
    values = rng.uniform(0, 1.2, 5)
    values[2] = rng.uniform(0, 0.15)
    values[4] = 0 if rng.random() < 0.8 else 0.05
    texture = smooth_field(rng, 1, shape, int(rng.integers(5, 12)))[0].numpy()
    brain = radius(inner) <= 1
    image = np.where(brain, max(0.2, values[0]) * (1 + rng.uniform(0, 0.3) * texture), values[1])
    for depth, value in ((fluid, values[2]), (fluid + bone, values[3]), (fluid + bone + scalp, values[4])):
        image = np.where(radius(depth) <= 1, image, value)
    return np.maximum(image, 0).astype(np.float32), brain.astype(np.float32)


def reshape(rng: np.random.Generator, image: np.ndarray, brain: np.ndarray) -> tuple[Tensor, Tensor]:
    """Image and brain [Z, H, W] -> both (brain bool) [Z, SIDE, SIDE] with a random deformation"""
    inside = np.argwhere(image > 0.1)
    depth = int(min(DEPTH, 1.1 * np.ptp(inside[:, 0]) + 4))
    places = random_places(rng, (depth, SIDE, SIDE), inside.mean(0))
    warped = look_up(torch.from_numpy(np.stack([image.astype(np.float32), brain])), places)
    return warped[0], warped[1] >= 0.5


def change_face(rng: np.random.Generator, image: Tensor, label: Tensor) -> Tensor:
    """Image and brain [Z, H, W] -> the image, often with a change beyond an oblique plane in front of and
    below the brain, or beside it: set to 0 (a defaced head), or dark parts filled with random shapes (like
    the face or neck that defaced heads lack)"""
    draw = rng.random()
    if draw > 0.5 or not label.any():
        return image
    z, y, x = (torch.arange(n, dtype=torch.float32) for n in image.shape)
    normal = (
        np.array([rng.uniform(-1, 0.2), rng.uniform(-1, 0), rng.uniform(-0.3, 0.3)])
        if rng.random() < 0.75
        else rng.standard_normal(3)
    )
    height = normal[0] * z[:, None, None] + normal[1] * y[:, None] + normal[2] * x
    beyond = height > height[label].max() + float(rng.uniform(0, 8))
    if draw < 0.2:
        return torch.where(beyond, torch.zeros(()), image)
    shapes = smooth_field(rng, 1, image.shape, int(rng.integers(6, 16)))[0]
    levels = torch.from_numpy(rng.uniform(0, 1.2, 8).astype(np.float32))
    return torch.where(beyond & (image < 0.1), levels[torch.clamp((shapes + 2) * 2, 0, 7).long()], image)


def acquire(rng: np.random.Generator, image: Tensor) -> Tensor:
    """[Z, H, W] -> the same with random thick slices, blur, bias field and noise. Half of the whole heads and
    of the stripped brains have noise in the background: else an empty background would mean a stripped
    brain to the network."""
    if rng.random() < 0.6:
        axis = int(rng.choice(3, p=[0.7, 0.15, 0.15]))
        image = thicken(image, axis, float(rng.uniform(1.2, 3)))
    if rng.random() < 0.3:
        weight = float(rng.uniform(0.1, 0.5))
        image = (1 - weight) * image + weight * F.avg_pool3d(image[None, None], 3, 1, 1)[0, 0]
    bias = torch.exp(
        smooth_field(rng, 1, image.shape, int(rng.integers(2, 5)))[0] * float(rng.uniform(0, 0.3))
    )
    noise = float(rng.uniform(0, 0.06)) * torch.from_numpy(rng.standard_normal((2, *image.shape), np.float32))
    noisy = torch.sqrt((image * bias + noise[0]) ** 2 + noise[1] ** 2)
    return torch.where(image > 0, noisy, torch.zeros(())) if rng.random() < 0.5 else noisy


def thicken(image: Tensor, axis: int, factor: float) -> Tensor:
    """[Z, H, W] -> the same, averaged along `axis` over `factor` voxels, and interpolated back"""
    moved = image.movedim(axis, 2)
    flat = moved.reshape(1, -1, moved.shape[2])
    thick = F.interpolate(flat, max(2, round(flat.shape[2] / factor)), mode="area")
    return F.interpolate(thick, flat.shape[2], mode="linear").reshape(moved.shape).movedim(2, axis)


def crop_slices(rng: np.random.Generator, image: Tensor, label: Tensor) -> tuple[Tensor, Tensor]:
    """Image and brain [Z, H, W] -> both with a random field of view: often it begins higher, at most at the
    lower third of the brain; sometimes it ends in its upper tenth"""
    depth = len(image)
    brain = torch.nonzero(label.any(2).any(1))
    lowest, highest = (int(brain[0]), int(brain[-1])) if len(brain) else (depth // 4, depth - 1)
    height = highest - lowest
    low = int(rng.uniform(0, lowest + 0.35 * height)) if rng.random() < 0.6 else 0
    high = int(rng.uniform(highest - 0.12 * height, depth)) if rng.random() < 0.25 else depth
    return image[low:high], label[low:high]
