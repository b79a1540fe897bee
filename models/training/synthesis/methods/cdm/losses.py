"""The losses of the C-UNet."""

from __future__ import annotations

import torch
import torch.nn.functional as F
from torch import Tensor

from ... import LABELS
from .batches import Batch
from .cunet import Output
from .recipe import Recipe

WINDOW = 7  # pixels, of SSIM
L1, L2, SSIM = 0.3, 6.0, 0.3  # with a typical error of 0.09 the three parts weigh about the same
ANCHORED_UNIT = 2.0  # anchored contrasts have half the range of stored ones
SCALE = 0.02  # of the expected error's likelihood, small, so that it does not change the images
LESION = 0.1  # of the lesion classes
LESION_MEAN = 2.0  # of the squared error of a lesion's mean
ENOUGH = 20  # pixels: a smaller lesion has no mean


def ssim_map(a: Tensor, b: Tensor) -> Tensor:
    """Two [S, 1, H, W], data range 1 -> structural similarity [S, 1, H/2, W/2] at every second pixel, uniform
    window, zeros around the image"""
    moments = torch.cat([a, b, a * a, b * b, a * b], 1)
    moments = F.avg_pool2d(moments, (WINDOW, 1), stride=(2, 1), padding=(WINDOW // 2, 0))
    moments = F.avg_pool2d(moments, (1, WINDOW), stride=(1, 2), padding=(0, WINDOW // 2))
    ma, mb, maa, mbb, mab = moments.split(1, 1)
    c1, c2 = 0.01**2, 0.03**2
    va, vb, vab = maa - ma * ma, mbb - mb * mb, mab - ma * mb
    return (2 * ma * mb + c1) * (2 * vab + c2) / ((ma * ma + mb * mb + c1) * (va + vb + c2))


def image_loss(output: Output, batch: Batch, channel: int, unit: float) -> Tensor:
    """L1, L2 and the Laplace likelihood of the expected error over all channels, and 1 - SSIM of one
    `channel`: a random channel costs a fifth of all five and is correct on average. Intensities are
    multiplied by `unit` first, because the parts depend on it differently."""
    weight = batch.weight
    total = weight.sum().clamp(min=1)
    error = (output.mean - batch.truth).abs()
    image = ((L1 * unit * error + L2 * unit**2 * error.square()) * weight).sum() / total
    likelihood = ((output.scale.log() + error.detach() / output.scale) * weight).sum() / total
    one = slice(channel, channel + 1)
    inside = unit * (weight[:, one] > 0)
    similarity = ssim_map(output.mean[:, one] * inside, batch.truth[:, one] * inside)
    share = weight[:, one, ::2, ::2]
    structure = 1 - (similarity * share).sum() / share.sum().clamp(min=1)
    return image + SSIM * structure + SCALE * likelihood


def lesion_loss(output: Output, batch: Batch) -> Tensor:
    """Cross-entropy and soft Dice of the lesion classes at half the resolution, of segmented examples; if
    only the whole lesion is known, of any lesion."""
    labels = F.max_pool2d(batch.labels[:, None].float(), 2)[:, 0].long()
    inside = (F.max_pool2d(batch.weight.amax(1, keepdim=True), 2)[:, 0] > 0) & batch.segmented[:, None, None]
    log_p = F.log_softmax(output.lesion, 1)
    p = log_p.exp()
    none = log_p[:, 0]
    any_lesion = torch.logsumexp(log_p[:, 1:], 1)
    of_class = log_p.gather(1, labels[:, None])[:, 0]
    entropy = -torch.where(batch.whole[:, None, None], torch.where(labels > 0, any_lesion, none), of_class)
    entropy = (entropy * inside).sum() / inside.sum().clamp(min=1)
    lesion = (labels > 0).float() * inside
    predicted = (1 - p[:, 0]) * inside
    dice = 1 - (2 * (lesion * predicted).sum() + 1) / (lesion.sum() + predicted.sum() + 1)
    exact = inside & ~batch.whole[:, None, None]
    for label in range(1, len(LABELS)):
        truth = (labels == label).float() * exact
        predicted_label = p[:, label] * exact
        dice = dice + (
            1 - (2 * (truth * predicted_label).sum() + 1) / (truth.sum() + predicted_label.sum() + 1)
        ) / (len(LABELS) - 1)
    return entropy + 0.5 * dice


def lesion_mean_loss(output: Output, batch: Batch) -> Tensor:
    """Squared error of the mean over each example's lesion, over all channels that are learned there"""
    lesion = (batch.labels > 0)[:, None] & (batch.weight > 0)
    size = lesion.sum((2, 3))
    mean = ((output.mean - batch.truth) * lesion).sum((2, 3)) / size.clamp(min=1)
    counts = size >= ENOUGH
    return (mean.square() * counts).sum() / counts.sum().clamp(min=1)


def total_loss(output: Output, batch: Batch, channel: int, recipe: Recipe) -> Tensor:
    """-> the scalar loss of a batch, with the SSIM of one `channel`"""
    unit = 1.0 if recipe.variant == "stored" else ANCHORED_UNIT
    loss = image_loss(output, batch, channel, unit)
    if recipe.lesion_head:
        mean = LESION_MEAN * unit**2 * lesion_mean_loss(output, batch)
        loss = loss + LESION * lesion_loss(output, batch) + mean
    return loss
