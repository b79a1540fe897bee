"""Training data of the diffusion: the residuals of every training patient, predicted by the C-UNet that was
trained without the patient."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import torch
from torch import Tensor
from tqdm import tqdm

from ... import CONTRASTS, THICK
from ...common.prediction import Prediction, others
from ...data.patients import BRAIN, Patients, intensity
from .cunet import CUNet
from .latents import LIMIT, LatentCase, build_case
from .lowres import key_slices
from .mrm import Tokenizer
from .predict import predict_with_features
from .train_mrm import tokens_of

FEATURES = 16  # principal components of the encoder's map that are kept


@dataclass(frozen=True)
class Projection:
    """Features [N, C, h, w] -> their whitened principal components [N, R, h, w]. Export folds this 1 x 1
    convolution into the network."""

    weight: Tensor  # [R, C]
    bias: Tensor  # [R]

    def __call__(self, features: Tensor) -> Tensor:
        found = torch.einsum("rc,nchw->nrhw", self.weight, features.float()) + self.bias[:, None, None]
        return found.clamp(-LIMIT, LIMIT)

    def write(self, file: Path) -> None:
        """Write both as NumPy arrays."""
        np.savez(file, weight=self.weight.numpy(), bias=self.bias.numpy())

    @staticmethod
    def read(file: Path) -> Projection:
        """-> what `write` wrote"""
        with np.load(file) as kept:
            return Projection(torch.from_numpy(kept["weight"]), torch.from_numpy(kept["bias"]))


def projection_file(run: Path, name: str) -> Path:
    """-> the file of the projection of a C-UNet's features"""
    return run / f"{name}-features.npz"


def fit_projection(features: Tensor, count: int) -> Projection:
    """Features [N, C] of cells of the brain -> projection onto the first `count` components, each of variance
    1"""
    centre = features.double().mean(0)
    values, vectors = torch.linalg.eigh(torch.cov(features.double().T))
    weight = (vectors[:, -count:] / values[-count:].clamp(min=1e-8).sqrt()).T.flip(0)
    return Projection(weight.float(), (-weight @ centre).float())


def subsets(present: tuple[bool, ...], index: int, rng: np.random.Generator) -> list[tuple[int, ...]]:
    """-> two subsets without one contrast, different from patient to patient, and one smaller random
    subset"""
    there = [c for c in range(len(CONTRASTS)) if present[c]]
    alone = {others(there[(index + k) % len(there)], present) for k in (0, 2)}
    few = tuple(sorted(rng.permutation(there)[: int(rng.integers(1, max(2, len(there) - 1)))].tolist()))
    return sorted(alone | {few})


@torch.no_grad()
def latent_case(
    patients: Patients,
    index: int,
    sources: tuple[int, ...],
    prediction: Prediction,
    features: Tensor,
    tokenizer: Tokenizer,
) -> LatentCase:
    """Prediction of a C-UNet that was not trained on the patient, and its encoder map of every slice
    [D, F, H/8, W/8] -> the latents of the patient"""
    record = patients.records[index]
    codes = patients.labels[index, record.slices]
    brain = codes >= BRAIN
    return build_case(
        record,
        sources,
        truth=intensity(patients.images[index, :, record.slices]) * brain,
        images=patients.as_sources(index),
        brain=brain,
        labels=codes & ~BRAIN,
        mean=prediction.mean[: len(CONTRASTS)],
        scale=prediction.scale[: len(CONTRASTS)],
        lesion=prediction.lesion,
        features=features[key_slices(record.depth)],
        tokens=tokens_of(tokenizer, patients, index, sources),
    )


def out_of_fold(
    networks: Mapping[int, CUNet], tokenizer: Tokenizer, patients: Patients, seed: int
) -> tuple[list[LatentCase], dict[int, Projection]]:
    """Networks by the fold that they were trained without -> the latents of all patients of those folds, and
    by fold the projection of the network's features: principal components of its own map, because the
    channels of different networks do not correspond."""
    cases: list[LatentCase] = []
    projections: dict[int, Projection] = {}
    for fold, network in networks.items():
        thin = [i for i, r in enumerate(patients.records) if r.fold == fold and r.slice_spacing <= THICK]
        mine = []
        for index in tqdm(thin, desc=f"residuals {fold}", mininterval=10):
            random = np.random.default_rng((seed, index))
            for sources in subsets(patients.records[index].present, index, random):
                found = predict_with_features(network, patients, index, sources)
                mine.append(latent_case(patients, index, sources, *found, tokenizer))
        if mine:
            inside = [case.features.float().movedim(1, -1)[case.valid[:, 0]][::7] for case in mine]
            projections[fold] = projection = fit_projection(
                torch.cat(inside), min(FEATURES, mine[0].features.shape[1])
            )
            cases += [
                replace(case, features=(projection(case.features) * case.valid).half()) for case in mine
            ]
    return cases, projections
