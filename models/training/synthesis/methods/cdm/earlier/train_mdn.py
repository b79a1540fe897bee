"""Stage `mdn`: one diffusion network per target over the token maps; then samples of the training patients
for the C-UNet.

Cross-fitting: each patient's samples come from networks that were trained on the other folds. The networks
that ship are trained on all patients.
"""

from __future__ import annotations

import zlib
from pathlib import Path

import numpy as np
import torch
from torch import Tensor, nn

from ....common.step_training import fit
from . import CONTRASTS
from .config import Config
from .data import Patient, availability, draw_sources, fold_of, key_slices, others, subsets
from .diffusion import alpha_bar, ddim, ddim_timesteps, embed_time
from .mdn import Mdn
from .train_mrm import true_tokens


def condition(tokens: np.ndarray, sources: tuple[int, ...]) -> np.ndarray:
    """tokens [4, ..., T, D] of all contrasts -> float32 [..., T, 4 D], zeros for contrasts that are no
    source"""
    parts = [tokens[c] if c in sources else np.zeros_like(tokens[c]) for c in range(len(CONTRASTS))]
    return np.concatenate(parts, -1).astype(np.float32)


def true_token_file(run: Path, patient: Patient) -> Path:
    """The patient's own tokens, float16 [4, Z, T, D]."""
    return run / "tokens" / f"{patient.id}.true.npy"


def sample_file(run: Path, patient: Patient) -> Path:
    """The patient's sampled tokens, see `sample_all`."""
    return run / "tokens" / f"{patient.id}.samples.npy"


def mdn_file(run: Path, target: int, fold: int | None = None) -> Path:
    """The checkpoint of the network trained without `fold`, or of the one that ships."""
    return run / (f"mdn-{CONTRASTS[target]}.pt" if fold is None else f"mdn-{CONTRASTS[target]}-fold{fold}.pt")


def train_mdn(config: Config, patients: list[Patient], extra: list[Patient], run: Path) -> None:
    """Write tokens and samples of all training patients, and the networks that ship."""
    (run / "tokens").mkdir(parents=True, exist_ok=True)
    tokens: dict[str, np.ndarray] = {}
    for patient in patients + extra:
        if not true_token_file(run, patient).exists():
            np.save(true_token_file(run, patient), true_tokens(config, patient, run))
        tokens[patient.id] = np.load(true_token_file(run, patient))
    folds = fold_of(patients, config.folds)
    for fold in range(config.folds):
        held_out = [p for p in patients if folds[p.id] == fold]
        rest = [p for p in patients if folds[p.id] != fold] + extra
        networks = [
            fit_mdn(config, rest, tokens, target, mdn_file(run, target, fold))
            for target in range(len(CONTRASTS))
        ]
        for patient in held_out:
            if not sample_file(run, patient).exists():
                np.save(sample_file(run, patient), sample_all(config, networks, tokens[patient.id], patient))
    for target in range(len(CONTRASTS)):
        fit_mdn(config, patients + extra, tokens, target, mdn_file(run, target))


def fit_mdn(
    config: Config, patients: list[Patient], tokens: dict[str, np.ndarray], target: int, checkpoint: Path
) -> nn.Module:
    """Tokens float16 [4, Z, T, D] by patient -> the network of one target, in evaluation mode"""
    having = [p for p in patients if target in p.targets and len(p.sources) > 1]
    seed = config.seed + 100 + target
    torch.manual_seed(seed)
    model = Mdn(config)
    schedule = alpha_bar(config.mdn.diffusion_steps)

    def loss_of(rng: np.random.Generator, step: int) -> Tensor:
        clean, conditions, flags = [], [], []
        for patient in (having[i] for i in rng.integers(len(having), size=config.mdn.batch)):
            at_slice = tokens[patient.id][:, rng.choice(patient.slices)]
            sources = draw_sources(rng, tuple(c for c in patient.sources if c != target))
            clean.append(at_slice[target])
            conditions.append(condition(at_slice, sources))
            flags.append(availability(sources))
        y = torch.from_numpy(np.stack(clean).astype(np.float32))
        t = rng.integers(config.mdn.diffusion_steps, size=len(y))
        a = torch.from_numpy(schedule[t].astype(np.float32))[:, None, None]
        noisy = a.sqrt() * y + (1 - a).sqrt() * torch.randn_like(y)
        with torch.autocast("cpu", torch.bfloat16):
            found = model(
                noisy,
                torch.from_numpy(embed_time(t, config.mdn.embedding)),
                torch.from_numpy(np.stack(conditions)),
                torch.from_numpy(np.stack(flags)),
            )
        return (found.float() - y).square().mean()

    return fit(
        model,
        loss_of,
        steps=config.mdn.steps,
        learning_rate=config.mdn.learning_rate,
        seed=seed,
        checkpoint=checkpoint,
    )


@torch.no_grad()
def sample_all(config: Config, networks: list[nn.Module], tokens: np.ndarray, patient: Patient) -> np.ndarray:
    """tokens [4, Z, T, D] -> float16 [4, 7, K, T, D], one sample for every target and subset of sources at
    the K key slices, each from one noise map"""
    keys = key_slices(patient.depth, config.grid.spacing, config.tokens.step_mm)
    timesteps = ddim_timesteps(config.mdn.diffusion_steps, config.mdn.ddim_steps)
    alpha_bars = alpha_bar(config.mdn.diffusion_steps)[timesteps]
    shape = (len(keys), config.token_count, config.tokens.channels)
    samples = np.zeros((len(CONTRASTS), len(subsets(others(0))), *shape), np.float16)
    random = torch.Generator().manual_seed(config.seed + zlib.crc32(patient.id.encode()))
    for target in patient.targets:
        for row, sources in enumerate(subsets(others(target))):
            if not set(sources) <= set(patient.sources):
                continue
            given = torch.from_numpy(condition(tokens[:, keys], sources))
            flags = torch.from_numpy(availability(sources)).expand(len(keys), -1)

            def denoise(x: Tensor, t: int) -> Tensor:
                time = torch.from_numpy(embed_time(np.full(len(keys), t), config.mdn.embedding))
                with torch.autocast("cpu", torch.bfloat16):
                    return networks[target](x, time, given, flags).float()

            noise = torch.randn(1, *shape[1:], generator=random).expand(shape)
            samples[target, row] = ddim(denoise, noise, timesteps, alpha_bars).numpy()
    return samples
