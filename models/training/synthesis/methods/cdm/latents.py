"""Latents of the diffusion: the C-UNet's residual at low resolution, and everything known that it is
conditioned on.

Channel 0 of a latent is y = clip(D(x - mu) / D(b), +-4) with the truth x, the C-UNet's mean mu and
expected absolute error b, and D the means of `lowres.py`. Channel 1 exists for T1ce alone: the share of
enhancing voxels minus its predicted mean, times 4. A sample y_k becomes the image mu + U(D(b) y_k), U
being `lowres.upsample`. As in CorrDiff (arXiv 2309.15214) the mean stays the regression's. The C-UNet must
not have been trained on the patient, or the residuals, and with them the spread of the samples, come out
too small.
"""

from __future__ import annotations

import json
import math
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import Tensor

from ... import CONTRASTS, ENHANCING, LABELS, T1CE, THICK
from ...data.codes import SPREAD, WHITE_MATTER
from ...data.patients import Record
from .lowres import SLAB, average, blockwise, coverage, pool, upsample, valid_cells
from .mrm import TOKEN

CHANNELS = 2  # of a latent
TOKENS = TOKEN * len(CONTRASTS)
LIMIT = 4.0  # of a latent
LESIONS = len(LABELS) - 1  # lesion probabilities without "none"
GUIDES = 2 + len(CONTRASTS) + LESIONS
TYPICAL_SCALE = 1 / 16  # of the expected error, in intensity
LONGEST = 200.0  # mm, of the correlation along z
PART = 16  # MB of one saved file, at most

ON_TARGETS = ("residual", "scale", "absolute", "mean")
HALF = ("residual", "scale", "absolute")
BYTES = ("mean", "images", "lesion", "features", "enhancing")


@dataclass(frozen=True)
class LatentCase:
    """One patient with one subset of sources. Maps are float16 [K, C, h, w] with K key slices, 0 in cells
    without enough brain.
    """

    patient: str
    fold: int  # the fold whose C-UNet was not trained on the patient; -1 outside the folds
    sources: tuple[int, ...]
    targets: tuple[int, ...]  # contrasts that are fit to be learned and no sources
    segmented: bool  # False: nobody looked for enhancement
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
    gain: tuple[float, ...]  # [4], dB that the true latent gains over mu, both after their line
    ceiling: tuple[float, ...]  # [4], dB that true means of all blocks gain, without limit or smoothing

    @property
    def valid(self) -> Tensor:
        """-> bool [K, 1, h, w]"""
        return valid_cells(self.share)

    def to(self, device: torch.device) -> LatentCase:
        maps = {name: value.to(device) for name, value in vars(self).items() if isinstance(value, Tensor)}
        return replace(self, **maps)  # type: ignore[arg-type]


def squared_error_after_line(prediction: Tensor, truth: Tensor) -> float:
    """Mean squared error that the least-squares line of the prediction onto the truth leaves"""
    x, y = (v.double() - v.double().mean() for v in (prediction, truth))
    power = float(x @ x)
    slope = max(0.0, float(x @ y) / power) if power > 0 else 0.0
    return float((y - slope * x).square().mean())


def guided(mean: Tensor, scale: Tensor, latent: Tensor, valid: Tensor) -> Tensor:
    """The image of a sample: mean [D, H, W], D(b) and channel 0 of a latent [..., K, h, w], valid [K, h,
    w] -> mu + U(D(b) y) [..., D, H, W]
    """
    return mean + upsample(scale.float() * latent.float(), valid, len(mean))


def build_case(
    record: Record,
    sources: tuple[int, ...],
    *,
    truth: Tensor,
    brain: Tensor,
    labels: Tensor,
    mean: Tensor,
    scale: Tensor,
    lesion: Tensor,
    features: Tensor,
    tokens: Tensor,
) -> LatentCase:
    """The latents of one patient from volumes of D = `record.depth` axial slices.

    truth, mean and scale [4, D, H, W] intensity; brain bool and labels (lesion codes) [D, H, W]; lesion
    [5, D, H, W] probabilities; features [K, F, H/8, W/8] and tokens [K, 64, H/8, W/8] at
    `lowres.key_slices`.
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
        with_truth = guided(mean[c], scale_cells[c], residual[c], valid)
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
        cells(average(truth, brain) * given[:, None, None, None]),
        cells(average(lesion[1:], brain)),
        (features * valid[:, None]).half(),
        (tokens * valid[:, None]).half(),
        tuple(error),
        tuple(gain),
        tuple(ceiling),
    )


@dataclass(frozen=True)
class Projection:
    """Features [N, C, h, w] -> their whitened principal components [N, R, h, w]. A 1 x 1 convolution, so
    export folds it into the network.
    """

    weight: Tensor  # [R, C]
    bias: Tensor  # [R]

    def __call__(self, features: Tensor) -> Tensor:
        found = torch.einsum("rc,nchw->nrhw", self.weight, features.float()) + self.bias[:, None, None]
        return found.clamp(-LIMIT, LIMIT)


def fit_projection(features: Tensor, count: int) -> Projection:
    """features [N, C] of cells of the brain -> projection onto the first `count` components, each of
    variance 1
    """
    centre = features.double().mean(0)
    values, vectors = torch.linalg.eigh(torch.cov(features.double().T))
    weight = (vectors[:, -count:] / values[-count:].clamp(min=1e-8).sqrt()).T.flip(0)
    return Projection(weight.float(), (-weight @ centre).float())


@dataclass(frozen=True)
class Statistics:
    """What is measured from the latents that a network is trained on."""

    spread: tuple[tuple[float, float], ...]  # [4][2], root mean square of a latent by target and channel
    length: float  # mm, correlation length of channel 0 along z


def measure(cases: list[LatentCase]) -> Statistics:
    """Root mean squares of the latents, and the length l of exp(-4 mm / l), the correlation of
    neighbouring key slices
    """
    squares, counts = np.zeros((len(CONTRASTS), CHANNELS)), np.zeros((len(CONTRASTS), CHANNELS))
    products = power = 0.0
    for case in cases:
        valid = case.valid[:, 0]
        both = valid[1:] & valid[:-1]
        for c in case.targets:
            y = case.residual[:, c].double()
            squares[c, 0] += float(y[valid].square().sum())
            counts[c, 0] += int(valid.sum())
            products += float((y[1:] * y[:-1])[both].sum())
            power += float(0.5 * (y[1:].square() + y[:-1].square())[both].sum())
        if case.segmented and T1CE in case.targets:
            squares[T1CE, 1] += float(case.enhancing[:, 0].double()[valid].square().sum())
            counts[T1CE, 1] += int(valid.sum())
    spread = np.sqrt(np.where(counts > 0, squares / np.maximum(counts, 1), 1.0))
    rho = products / power if power > 0 else 0.0
    length = min(LONGEST, -SLAB / math.log(rho)) if 0.01 < rho < 1 else (LONGEST if rho >= 1 else 1.0)
    return Statistics(tuple((max(float(a), 1e-3), max(float(b), 1e-3)) for a, b in spread), length)


@dataclass(frozen=True)
class Batch:
    """V volumes of K key slices each, as float32 on one device."""

    latent: Tensor  # [V K, 2, h, w]
    mask: Tensor  # [V K, 2, h, w], 1 where the latent is known
    valid: Tensor  # [V K, 1, h, w], 1 where there is enough brain
    guides: (
        Tensor  # [V K, GUIDES, h, w]: D(mu) and D(b) of the target, D(sources), D(p), each of about unit size
    )
    features: Tensor  # [V K, F, h, w]
    tokens: Tensor  # [V K, 64, h, w]
    target: Tensor  # [V, 4], one-hot
    availability: Tensor  # [V, 4]

    def by_volume(self, x: Tensor) -> Tensor:
        """[V K, ...] -> [V, K, ...]"""
        return x.reshape(len(self.target), -1, *x.shape[1:])


def whole(case: LatentCase, target: int, device: torch.device) -> Batch:
    """One whole volume, V = 1"""
    return window(case, target, 0, len(case.share), device)


def window(case: LatentCase, target: int, start: int, keys: int, device: torch.device) -> Batch:
    """`keys` key slices from `start` on, V = 1; beyond the last one there are invalid cells"""

    def cut(maps: Tensor) -> Tensor:
        piece = maps[start : start + keys].to(device).float()
        return torch.nn.functional.pad(piece, (0, 0, 0, 0, 0, 0, 0, keys - len(piece)))

    valid = valid_cells(cut(case.share)).float()
    given = torch.tensor([float(c in case.sources) for c in range(len(CONTRASTS))], device=device)
    one_hot = torch.nn.functional.one_hot(torch.tensor(target, device=device), len(CONTRASTS)).float()
    known = float(target == T1CE and case.segmented)
    centred = [(cut(m) - WHITE_MATTER) / SPREAD for m in (case.mean[:, target : target + 1], case.images)]
    guides = (
        torch.cat(
            [
                centred[0],
                cut(case.scale[:, target : target + 1]) / TYPICAL_SCALE,
                centred[1] * given[:, None, None],
                cut(case.lesion),
            ],
            1,
        )
        * valid
    )
    latent = torch.cat([cut(case.residual[:, target : target + 1]), cut(case.enhancing) * known], 1) * valid
    return Batch(
        latent,
        torch.cat([valid, known * valid], 1),
        valid,
        guides,
        cut(case.features),
        cut(case.tokens),
        one_hot[None],
        given[None],
    )


def draw_batch(
    cases: list[LatentCase], generator: torch.Generator, count: int, keys: int, device: torch.device
) -> Batch:
    """`count` random windows of `keys` key slices, each of a random case and target"""
    pairs = [(case, target) for case in cases for target in case.targets]
    drawn = torch.rand(count, 2, generator=generator, device=generator.device).tolist()
    parts = []
    for a, b in drawn:
        case, target = pairs[int(a * len(pairs))]
        start = int(b * (max(0, len(case.share) - keys) + 1))
        parts.append(window(case, target, start, keys, device))
    return Batch(*(torch.cat([getattr(part, name) for part in parts]) for name in Batch.__dataclass_fields__))


def save_cases(cases: list[LatentCase], stem: Path) -> list[Path]:
    """Write the cases to `<stem>-00.npz`, `<stem>-01.npz` ... of at most 16 MB each -> the files.

    Only cells of the brain, only targets and given sources; residual, scale and absolute error as float16,
    the rest as bytes between the array's own smallest and largest value. With features of 16 channels a
    case with one target takes about 150 kB. Tokens are not kept: `train_mrm.tokens_of` computes them
    again.
    """
    files: list[Path] = []
    arrays: dict[str, np.ndarray] = {}
    records: list[dict[str, Any]] = []

    def flush() -> None:
        if records:
            files.append(stem.with_name(f"{stem.name}-{len(files):02d}.npz"))
            stem.parent.mkdir(parents=True, exist_ok=True)
            header = np.frombuffer(json.dumps(records).encode(), np.uint8)
            np.savez_compressed(files[-1], allow_pickle=False, records=header, **arrays)
            arrays.clear()
            records.clear()

    for case in cases:
        packed, ranges = pack_case(case)
        if sum(a.nbytes for a in arrays.values()) + sum(a.nbytes for a in packed.values()) > PART * 1_000_000:
            flush()
        arrays.update({f"{len(records)}.{name}": a for name, a in packed.items()})
        records.append(
            {
                "patient": case.patient,
                "fold": case.fold,
                "sources": case.sources,
                "targets": case.targets,
                "segmented": case.segmented,
                "error": case.error,
                "gain": case.gain,
                "ceiling": case.ceiling,
                "ranges": ranges,
            }
        )
    flush()
    return files


def pack_case(case: LatentCase) -> tuple[dict[str, np.ndarray], dict[str, tuple[float, float]]]:
    """-> arrays of the brain's cells [N, C], and the range of each that is kept in bytes"""
    valid = case.valid[:, 0].cpu()
    arrays = {"share": np.rint(255 * case.share[:, 0].cpu().float().numpy()).astype(np.uint8)}
    ranges = {}
    for name in HALF + BYTES:
        maps = getattr(case, name)
        if name in ON_TARGETS:
            maps = maps[:, list(case.targets)]
        elif name == "images":
            maps = maps[:, list(case.sources)]
        elif name == "enhancing" and not (case.segmented and T1CE in case.targets):
            continue
        values = maps.cpu().float().movedim(1, -1)[valid].numpy()
        if name in BYTES:
            low, high = float(values.min(initial=0)), float(values.max(initial=0))
            ranges[name] = (low, max(high - low, 1e-6))
            arrays[name] = np.rint(255 * (values - low) / ranges[name][1]).astype(np.uint8)
        else:
            arrays[name] = values.astype(np.float16)
    return arrays, ranges


def load_cases(stem: Path) -> list[LatentCase]:
    """What `save_cases` wrote, with tokens of 0"""
    files = sorted(stem.parent.glob(f"{stem.name}-[0-9][0-9].npz"))
    if not files:
        raise FileNotFoundError(f"{stem}-00.npz: no latents there; compute them first")
    cases = []
    for file in files:
        with np.load(file) as content:
            for i, record in enumerate(json.loads(content["records"].tobytes())):
                cases.append(
                    unpack_case(
                        record,
                        {
                            name.split(".")[1]: content[name]
                            for name in content.files
                            if name.startswith(f"{i}.")
                        },
                    )
                )
    return cases


def unpack_case(record: dict[str, Any], arrays: dict[str, np.ndarray]) -> LatentCase:
    share = torch.from_numpy(arrays["share"].astype(np.float32) / 255)[:, None].half()
    valid = valid_cells(share)[:, 0]
    sources, targets, ranges = (record.pop(name) for name in ("sources", "targets", "ranges"))
    places = {"images": sources, **{name: targets for name in ON_TARGETS}}
    maps: dict[str, Any] = {}
    for name in HALF + BYTES:
        full = torch.zeros(*valid.shape, len(CONTRASTS) if name in places else 1)
        if name in arrays:
            values = torch.from_numpy(arrays[name].astype(np.float32))
            if name in BYTES:
                low, extent = ranges[name]
                values = low + values / 255 * extent
            if name in places:
                spot = torch.zeros(len(values), len(CONTRASTS))
                spot[:, list(places[name])] = values
                values = spot
            full = torch.zeros(*valid.shape, values.shape[1])
            full[valid] = values
        maps[name] = full.movedim(-1, 1).half()
    tokens = torch.zeros(len(share), TOKENS, *share.shape[2:]).half()
    fields: dict[str, Any] = {n: tuple(v) if isinstance(v, list) else v for n, v in record.items()}
    return LatentCase(
        **fields, sources=tuple(sources), targets=tuple(targets), share=share, tokens=tokens, **maps
    )


def with_tokens(case: LatentCase, tokens: Tensor) -> LatentCase:
    """The case with the sources' tokens [K, 64, h, w] (`train_mrm.tokens_of`)"""
    return replace(case, tokens=(tokens.to(case.share.device) * case.valid).half())
