"""Latents of the diffusion: the C-UNet's residual at low resolution, and the maps that it is conditioned on.

Channel 0 of a latent is y = clip(D(x - mu) / D(b), +-4) with the truth x, the C-UNet's mean mu and
expected absolute error b, and D the means of `lowres.py`. Channel 1 exists for T1ce alone: the share of
enhancing voxels minus its predicted mean, times 4. A sample y_k becomes the image mu + U(D(b) y_k), U
being `lowres.upsample`. As in CorrDiff (arXiv 2309.15214) the mean is that of the regression. The C-UNet
must not have been trained on the patient. Else the residuals, and with them the spread of the samples, are
too small.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

import torch
from torch import Tensor

from ... import CONTRASTS, ENHANCING, THICK
from ...data.patients import Record
from .lowres import average, blockwise, coverage, pool, upsample, valid_cells

LIMIT = 4.0  # of a latent


@dataclass(frozen=True)
class LatentCase:
    """One patient with one subset of sources. Maps are float16 [K, C, h, w] with K key slices, 0 in cells
    without enough brain.
    """

    patient: str
    fold: int  # the fold whose C-UNet was not trained on the patient; -1 outside the folds
    sources: tuple[int, ...]
    targets: tuple[int, ...]  # contrasts that may be a target and are no source
    segmented: bool  # False: enhancement was not segmented
    share: Tensor  # [K, 1, h, w], share of each cell that is brain
    residual: Tensor  # [K, 4, h, w], channel 0 of the latents; 0 where the contrast is no target
    enhancing: Tensor  # [K, 1, h, w], channel 1 of the latent of T1ce
    mean: Tensor  # [K, 4, h, w], D(mu), intensity
    scale: Tensor  # [K, 4, h, w], D(b), intensity
    absolute: Tensor  # [K, 4, h, w], D(|x - mu|), intensity
    images: Tensor  # [K, 4, h, w], D(sources), intensity; 0 where absent
    lesion: Tensor  # [K, 4, h, w], D of the probabilities of necrosis, oedema, enhancing, ms
    features: Tensor  # [K, F, h, w], the C-UNet's encoder map at the key slices
    tokens: Tensor  # [K, 64, h, w], the sources' tokens at the key slices
    error: tuple[float, ...]  # [4], mean squared error of mu over the brain, intensity
    gain: tuple[float, ...]  # [4], gain of the true latent over mu in dB, both after their line
    ceiling: tuple[float, ...]  # [4], gain of true block means in dB, without limit or smoothing

    @property
    def valid(self) -> Tensor:
        """-> bool [K, 1, h, w]"""
        return valid_cells(self.share)

    def to(self, device: torch.device) -> LatentCase:
        """-> the case on another device"""
        maps = {name: value.to(device) for name, value in vars(self).items() if isinstance(value, Tensor)}
        return replace(self, **maps)  # type: ignore[arg-type]


def squared_error_after_line(prediction: Tensor, truth: Tensor) -> float:
    """Two [N] -> mean squared error after the least-squares line of the prediction onto the truth"""
    x, y = (v.double() - v.double().mean() for v in (prediction, truth))
    power = float(x @ x)
    slope = max(0.0, float(x @ y) / power) if power > 0 else 0.0
    return float((y - slope * x).square().mean())


def image_of_sample(mean: Tensor, scale: Tensor, latent: Tensor, valid: Tensor) -> Tensor:
    """Mean [D, H, W], D(b) and channel 0 of a latent [..., K, h, w], valid [K, h, w] -> the image mu + U(D(b)
    y) [..., D, H, W]"""
    return mean + upsample(scale.float() * latent.float(), valid, len(mean))


def build_case(
    record: Record,
    sources: tuple[int, ...],
    *,
    truth: Tensor,
    images: Tensor,
    brain: Tensor,
    labels: Tensor,
    mean: Tensor,
    scale: Tensor,
    lesion: Tensor,
    features: Tensor,
    tokens: Tensor,
) -> LatentCase:
    """-> the latents of one patient from volumes of D = `record.depth` axial slices

    truth, images (as sources), mean and scale [4, D, H, W] intensity; brain bool and labels (lesion codes)
    [D, H, W]; lesion [5, D, H, W] probabilities; features [K, F, H/8, W/8] and tokens [K, 64, H/8, W/8] at
    `lowres.key_slices`. Raises ValueError for thick slices and if no cell has enough brain.
    """
    if record.slice_spacing > THICK:
        raise ValueError(
            f"{record.id}: slices {record.slice_spacing} mm apart do not fit the cells; leave the patient out"
        )
    share = coverage(brain)
    valid = valid_cells(share)
    if not valid.any():
        raise ValueError(f"{record.id}: no cell has enough brain; look at the brain mask")
    targets = tuple(c for c in range(len(CONTRASTS)) if record.target[c] and c not in sources)
    mean_cells, scale_cells = average(mean, brain), average(scale, brain)
    residual = torch.zeros_like(mean_cells)
    absolute = torch.zeros_like(mean_cells)
    error, gain, ceiling = ([0.0] * len(CONTRASTS) for _ in range(3))
    for c in targets:
        difference = (truth[c].float() - mean[c].float()) * brain
        residual[c] = (average(difference, brain) / scale_cells[c].clamp(min=1e-4)).clamp(-LIMIT, LIMIT)
        absolute[c] = average(difference.abs(), brain)
        error[c] = float(difference[brain].square().mean())
        in_blocks = mean[c] + blockwise(pool(difference) / share.clamp(min=1e-6), len(brain))
        with_truth = image_of_sample(mean[c], scale_cells[c], residual[c], valid)
        left = [squared_error_after_line(v[brain], truth[c][brain]) for v in (mean[c], with_truth, in_blocks)]
        gain[c], ceiling[c] = (10 * math.log10(max(left[0], 1e-12) / max(e, 1e-12)) for e in left[1:])
    enhancing = average((labels == ENHANCING).float() - lesion[ENHANCING].float(), brain) * LIMIT
    given = torch.tensor([float(c in sources) for c in range(len(CONTRASTS))], device=truth.device)

    def cells(values: Tensor) -> Tensor:
        """[C, K, h, w] -> float16 [K, C, h, w]"""
        return values.transpose(0, 1).half()

    return LatentCase(
        record.id,
        record.fold,
        sources,
        targets,
        record.segmented,
        share[:, None].half(),
        cells(residual),
        (enhancing * record.segmented)[:, None].half(),
        cells(mean_cells),
        cells(scale_cells),
        cells(absolute),
        cells(average(images, brain) * given[:, None, None, None]),
        cells(average(lesion[1:], brain)),
        (features * valid[:, None]).half(),
        (tokens * valid[:, None]).half(),
        tuple(error),
        tuple(gain),
        tuple(ceiling),
    )


def with_tokens(case: LatentCase, tokens: Tensor) -> LatentCase:
    """-> the case with the sources' tokens [K, 64, h, w] (`train_mrm.tokens_of`)"""
    return replace(case, tokens=(tokens.to(case.share.device) * case.valid).half())
