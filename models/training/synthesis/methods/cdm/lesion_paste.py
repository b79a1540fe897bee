"""Augmentation with lesions: pasted from another patient, or generated like those of multiple sclerosis.

In anchored intensities white matter and spread are the same in all patients, so a pasted lesion keeps its
contrast (CarveMix, arXiv 2108.06883; TumorCP). Some generated dots are no lesions but like perivascular
spaces and lacunes, bright on T2 and dark on FLAIR. Else the network would show a lesion at every dot that
is bright on T2.
"""

from __future__ import annotations

import torch
import torch.nn.functional as F
from torch import Tensor

from ... import FLAIR, MS, T1, T1CE, T2
from .augment import normal, uniform

EDGE = 3  # pixels over which a pasted lesion fades
NEGATIVE = 0.3  # share of the generated dots that are no lesions
NODULAR = 0.1  # share of the generated lesions that enhance
WHITE = (0.45, 0.55)  # intensity of white matter on an anchored T1
CONTRAST = {T1: (-0.11, -0.01), T2: (0.03, 0.18), FLAIR: (0.04, 0.20)}
"""Lowest and highest difference to white matter, intensity: the 10 and 90 percentiles of the lesions of four
patients with multiple sclerosis, anchored."""


def soft(mask: Tensor) -> Tensor:
    """Mask [S, C, H, W] of 0 and 1 -> the same with edges that fade inwards over `EDGE` pixels"""
    return F.avg_pool2d(mask, 2 * EDGE - 1, stride=1, padding=EDGE - 1) * mask


def paste(
    images: Tensor, labels: Tensor, inside: Tensor, donor: Tensor, donor_labels: Tensor, donor_inside: Tensor
) -> tuple[Tensor, Tensor]:
    """Intensities [S, 4, 5, H, W], labels and brain [S, 5, H, W] of recipients and donors at the same
    position in the brain -> images and labels with the donors' lesions, where both are brain"""
    mask = ((donor_labels > 0) & inside & donor_inside).float()
    weight = soft(mask)
    mixed = images + (donor - images) * weight.unsqueeze(1)
    return mixed, torch.where(weight > 0.5, donor_labels, labels)


def generate(
    generator: torch.Generator, images: Tensor, labels: Tensor, inside: Tensor
) -> tuple[Tensor, Tensor]:
    """Intensities [S, 4, 5, H, W], labels and brain [S, 5, H, W] -> images and labels with dots of 3 to 15 mm
    in white matter: lesions of multiple sclerosis, or dots that are alike on T2. Samples without a T1 do
    not change."""
    count, _, depth, h, w = images.shape
    coarse = torch.where(uniform(generator, count, 1, 1, 1, 1) < 0.5, 0.0, 1.0)
    fine, large = (
        F.interpolate(normal(generator, count, 1, d, h // step, w // step), (depth, h, w), mode="trilinear")
        for d, step in ((3, 4), (2, 10))
    )
    noise = (fine * (1 - coarse) + large * coarse)[:, 0]
    t1 = images[:, T1]
    white = (t1 > WHITE[0]) & (t1 < WHITE[1]) & inside & (labels == 0)
    threshold = 1.6 + 0.8 * uniform(generator, count, 1, 1, 1)
    mask = ((noise > threshold) & white).float()
    weight = F.avg_pool2d(mask, 3, stride=1, padding=1)
    weight = (weight * 1.3).clamp(max=1) * inside
    none = uniform(generator, count, 1, 1, 1) < NEGATIVE
    nodular = (uniform(generator, count, 1, 1, 1) < NODULAR) & ~none
    severity = uniform(generator, count, 1, 1, 1)
    mixed = images.clone()
    for contrast, (low, high) in CONTRAST.items():
        own = (severity + 0.25 * normal(generator, count, 1, 1, 1)).clamp(0, 1)
        change = (high + (low - high) * own) if contrast == T1 else (low + (high - low) * own)
        if contrast == FLAIR:
            change = torch.where(none, -change, change)
        mixed[:, contrast] += change * weight
        if contrast == T1:
            mixed[:, T1CE] += torch.where(nodular, 0.2 * (1 + own), change) * weight
    return mixed.clamp(min=0), torch.where((mask > 0) & ~none, MS, labels)
