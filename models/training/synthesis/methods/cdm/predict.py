"""Prediction of a whole volume by a C-UNet, slice by slice."""

from __future__ import annotations

import torch
import torch.nn.functional as F
from torch import Tensor

from ... import CONTRASTS, SIDE, THICK
from ...common.prediction import Prediction, Predictor
from ...data.patients import BRAIN, Patients, intensity
from .cunet import NEIGHBOURS, PLANES, CUNet, Output

SLAB = 8  # slices a run


def volume(patients: Patients, index: int, sources: tuple[int, ...]) -> tuple[Tensor, Tensor]:
    """-> the network's input for every slice, intensity [D, 20, 192, 192], and the brain bool
    [D, 192, 192]"""
    record = patients.records[index]
    brain = patients.labels[index, record.slices] >= BRAIN
    at = torch.arange(record.depth, device=brain.device)[:, None]
    if record.slice_spacing <= THICK:
        at = (at + torch.arange(-NEIGHBOURS, NEIGHBOURS + 1, device=brain.device)).clamp(0, record.depth - 1)
    else:
        at = at.expand(-1, 2 * NEIGHBOURS + 1)
    images = torch.zeros(record.depth, len(CONTRASTS), at.shape[1], SIDE, SIDE, device=brain.device)
    for source in sources:
        images[:, source] = (intensity(patients.images[index, source, record.slices]) * brain)[at]
    return images.flatten(1, 2), brain


@torch.no_grad()
def predict_with_features(
    network: CUNet, patients: Patients, index: int, sources: tuple[int, ...]
) -> tuple[Prediction, Tensor]:
    """-> the prediction of all contrasts from axial slices, and the encoder's map [D, C, 24, 24]. Raises
    ValueError for a source that the patient lacks."""
    record = patients.records[index]
    absent = [CONTRASTS[s] for s in sources if not record.present[s]]
    if absent or not sources:
        raise ValueError(f"{record.id} has no {' and no '.join(absent) or 'sources'}")
    images, brain = volume(patients, index, sources)
    device = images.device
    availability = torch.zeros(1, len(CONTRASTS), device=device)
    availability[:, list(sources)] = 1
    plane = F.one_hot(torch.zeros(1, dtype=torch.long, device=device), len(PLANES)).float()
    slabs: list[Output] = []
    for slab in images.split(SLAB):
        with torch.autocast(device.type, torch.bfloat16):
            slabs.append(
                network(
                    slab.contiguous(memory_format=torch.channels_last),
                    availability.expand(len(slab), -1),
                    plane.expand(len(slab), -1),
                )
            )
    mean, scale = (
        torch.cat([getattr(s, name) for s in slabs]).transpose(0, 1) * brain for name in ("mean", "scale")
    )
    probabilities = torch.cat(
        [F.interpolate(s.lesion.softmax(1), scale_factor=2.0, mode="bilinear") for s in slabs]
    )
    prediction = Prediction(mean.clamp(min=0), scale, probabilities.transpose(0, 1) * brain)
    return prediction, torch.cat([s.features.float() for s in slabs])


def predictor(network: CUNet) -> Predictor:
    """-> the network as a predictor"""
    return lambda patients, index, sources: predict_with_features(network, patients, index, sources)[0]
