"""The last step of the decoder: for every target and subset of sources, a linear mix of the prediction and
the acquired slices, fitted out of fold.

A network trained on few patients overfits their scanners: a copy of the T1 can be nearer to a new T1ce
than the prediction. The mix is fitted on training patients, each predicted by the member trained without
it.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import torch
from torch import Tensor, nn

from ....common.step_training import load_average
from . import CONTRASTS
from .augment import plain_table
from .batches import moments, typical_moments
from .config import Config
from .cunet import CUNet
from .data import Patient, availability, between_keys, fold_of, key_slices, neighbourhood, others, subsets
from .train_cunet import SAMPLED, cunet_file
from .train_mdn import sample_file

TERMS = len(CONTRASTS) + 2  # the prediction, each source, a constant
EVERY = 10  # slices
RIDGE = 1e-3  # holds the mix near the prediction alone
SUBSETS = 2 ** len(CONTRASTS)


def mix_file(run: Path) -> Path:
    """The fitted mix of a run."""
    return run / "mix.npy"


def identity_mix() -> np.ndarray:
    """-> float32 [4, 16, 6]: by target and subset of sources (bit c: contrast c is there) the weights of the
    prediction, the sources and a constant; here the prediction alone"""
    mix = np.zeros((len(CONTRASTS), SUBSETS, TERMS), np.float32)
    mix[..., 0] = 1
    return mix


def load_mix(run: Path) -> np.ndarray:
    """-> [4, 16, 6], as `identity_mix`, which it is if none was fitted"""
    return np.load(mix_file(run)) if mix_file(run).exists() else identity_mix()


class Mix(nn.Module):
    """prediction [S, 1, H, W], centre slices [S, 4, H, W], target [S, 4] one-hot, availability [S, 4] -> the
    mix [S, 1, H, W]"""

    def __init__(self, mix: np.ndarray):
        super().__init__()
        bits = torch.tensor(
            [[subset >> c & 1 for c in range(len(CONTRASTS))] for subset in range(SUBSETS)],
            dtype=torch.float32,
        )
        self.register_buffer("bits", bits)
        self.register_buffer("weights", torch.from_numpy(mix.reshape(-1, TERMS)))

    def forward(self, prediction: Tensor, centres: Tensor, target: Tensor, availability: Tensor) -> Tensor:
        agree = 1 - (availability.unsqueeze(1) - self.bits).abs()
        subset = agree[..., 0] * agree[..., 1] * agree[..., 2] * agree[..., 3]
        chosen = (target.unsqueeze(2) * subset.unsqueeze(1)).flatten(1) @ self.weights
        w = chosen[:, :, None, None]
        return w[:, :1] * prediction + (w[:, 1:-1] * centres).sum(1, keepdim=True) + w[:, -1:]


@torch.no_grad()
def fit_mix(config: Config, patients: list[Patient], run: Path) -> None:
    """Ridge regression of the typical truth on prediction and sources, with equal weight for each patient."""
    typical = typical_moments(patients)
    folds = fold_of(patients, config.folds)
    left, right = (
        np.zeros((len(CONTRASTS), SUBSETS, TERMS, TERMS)),
        np.zeros((len(CONTRASTS), SUBSETS, TERMS)),
    )
    for member in range(config.members):
        network = load_average(CUNet(config), cunet_file(run, member)).to(memory_format=torch.channels_last)
        for patient in (p for p in patients if folds[p.id] == member):
            for target in patient.targets:
                for sources in subsets(others(target)):
                    if set(sources) <= set(patient.sources):
                        x, y = held_out(config, network, patient, target, sources, typical, run)
                        subset = sum(1 << c for c in sources)
                        left[target, subset] += x.T @ x / len(x)
                        right[target, subset] += x.T @ y / len(x)
    mix = identity_mix()
    for target in range(len(CONTRASTS)):
        for sources in subsets(others(target)):
            subset = sum(1 << c for c in sources)
            used = [0, *(1 + c for c in sources), TERMS - 1]
            pull = RIDGE * max(np.trace(left[target, subset]), 1e-9) * np.eye(len(used))
            towards = pull @ mix[target, subset, used]
            mix[target, subset, used] = np.linalg.solve(
                left[target, subset][np.ix_(used, used)] + pull, right[target, subset][used] + towards
            )
    np.save(mix_file(run), mix)


def held_out(
    config: Config,
    network: CUNet,
    patient: Patient,
    target: int,
    sources: tuple[int, ...],
    typical: np.ndarray,
    run: Path,
) -> tuple[np.ndarray, np.ndarray]:
    """-> terms float64 [n, 6] and typical truth float64 [n] at the brain voxels of every EVERY-th slice"""
    slices = patient.slices[::EVERY]
    tokens = np.load(sample_file(run, patient), mmap_mode="r")[
        target, subsets(others(target)).index(sources)
    ].astype(np.float32)
    keys = key_slices(patient.depth, config.grid.spacing, config.tokens.step_mm)
    table = plain_table()
    given = np.zeros((len(slices), len(CONTRASTS), 3, config.grid.size, config.grid.size), np.float32)
    for contrast in sources:
        given[:, contrast] = table[np.stack([neighbourhood(patient.image[contrast], z) for z in slices])]
    n = len(slices)
    with torch.autocast("cpu", torch.bfloat16):
        prediction, _ = network(
            torch.from_numpy(given).flatten(1, 2).contiguous(memory_format=torch.channels_last),
            torch.from_numpy(availability(sources)).expand(n, -1),
            torch.from_numpy(between_keys(tokens, keys, slices)),
            torch.full((n, 1), SAMPLED),
            torch.from_numpy(availability((target,))).expand(n, -1),
        )
    inside = patient.brain[slices]
    mean, std = moments(patient.codes[target], table)
    truth = (table[patient.image[target, slices]][inside] - mean) / std * typical[target, 1] + typical[
        target, 0
    ]
    terms = [
        prediction[:, 0].float().numpy()[inside],
        *(given[:, c, 1][inside] for c in range(len(CONTRASTS))),
        np.ones(len(truth), np.float32),
    ]
    return np.stack(terms, 1).astype(np.float64), truth.astype(np.float64)
