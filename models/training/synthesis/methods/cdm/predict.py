"""Prediction of a whole volume by a C-UNet, slice by slice."""

from __future__ import annotations

import torch
import torch.nn.functional as F
from torch import Tensor

from ... import CONTRASTS, THICK
from ...common.prediction import Prediction, Predictor
from ...data.patients import BRAIN, Patients
from .cunet import NEIGHBOURS, PLANES, SLICES, CUNet, Output

SLAB = 8  # slices a run


def neighbourhoods(volumes: Tensor, thick: bool = False) -> Tensor:
    """[C, D, H, W] -> every slice with its neighbours [D, C SLICES, H, W], contrast-major; edge slices are
    repeated, and so is the slice itself where slices are thick"""
    depth = volumes.shape[1]
    at = torch.arange(depth, device=volumes.device)[:, None].expand(-1, SLICES)
    if not thick:
        at = (at + torch.arange(-NEIGHBOURS, NEIGHBOURS + 1, device=at.device)).clamp(0, depth - 1)
    return volumes[:, at].transpose(0, 1).flatten(1, 2)


def volume(patients: Patients, index: int, sources: tuple[int, ...]) -> tuple[Tensor, Tensor]:
    """-> the network's input for every slice, intensity [D, 20, 192, 192], and the brain bool
    [D, 192, 192]"""
    record = patients.records[index]
    brain = patients.labels[index, record.slices] >= BRAIN
    given = torch.tensor([c in sources for c in range(len(CONTRASTS))], device=brain.device)
    images = patients.as_sources(index) * given[:, None, None, None]
    return neighbourhoods(images, record.slice_spacing > THICK), brain


@torch.no_grad()
def predict_slices(
    network: CUNet, images: Tensor, sources: tuple[int, ...], half: bool = True
) -> list[Output]:
    """Input of every slice [D, 20, H, W], axial -> the outputs, slab by slab; `half`: in bfloat16"""
    device = images.device
    availability = torch.zeros(1, len(CONTRASTS), device=device)
    availability[:, list(sources)] = 1
    plane = F.one_hot(torch.zeros(1, dtype=torch.long, device=device), len(PLANES)).float()
    with torch.autocast(device.type, torch.bfloat16, enabled=half):
        return [
            network(
                slab.contiguous(memory_format=torch.channels_last),
                availability.expand(len(slab), -1),
                plane.expand(len(slab), -1),
            )
            for slab in images.split(SLAB)
        ]


def prediction_of(slabs: list[Output], brain: Tensor) -> Prediction:
    """Outputs of all slices, brain bool [D, H, W] -> the prediction of the volume"""
    mean, scale = (
        torch.cat([getattr(s, name) for s in slabs]).transpose(0, 1) * brain for name in ("mean", "scale")
    )
    probabilities = torch.cat(
        [F.interpolate(s.lesion.softmax(1), scale_factor=2.0, mode="bilinear") for s in slabs]
    )
    return Prediction(mean.clamp(min=0), scale, probabilities.transpose(0, 1) * brain)


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
    slabs = predict_slices(network, images, sources)
    return prediction_of(slabs, brain), torch.cat([s.features.float() for s in slabs])


def predictor(network: CUNet) -> Predictor:
    """-> the network as a predictor"""
    return lambda patients, index, sources: predict_with_features(network, patients, index, sources)[0]
