"""Figures of the networks on patients that neither they nor their priors were trained on, beside those of the
prior alone; and what paths, steps, shortcut and cascades are worth."""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from pathlib import Path

import torch
from tqdm import tqdm

from ...common.files import write_json, write_text
from ...common.tables import Row, change, column, defined, table
from ...data.patients import Patients
from ..cdm.ablation import held_out as spread_over
from .network import RefineNet
from .predict import Sampling, refined
from .prior import kept_prior
from .recipe import Recipe
from .scores import Case, cases_of, score
from .train import noise_levels, trained

PRIOR, REFINED = "prior", "cmdm"
COLUMNS = {
    "psnr": 2,
    "ssim": 3,
    "sharpness": 2,
    "mae": 4,
    "rank": 2,
    "scale_ratio": 2,
    "spread_skill": 2,
    "lesion_bias": 3,
    "lesion_contrast_ratio": 2,
    "false_ml": 2,
    "missed_ml": 2,
    "seconds": 2,
}
"""Columns of the tables, and their decimals."""

LEGEND = (
    "Mean (95 % interval, bootstrap over persons), out of fold, against the prepared truth. psnr: dB; "
    "sharpness: high-frequency energy over that of the acquired image; rank: rank correlation of expected "
    "and real error; scale_ratio, spread_skill: the paths' standard deviation (of the prior: its own "
    "guess) over the error, by means and by root mean squares; seconds: a slice. The standard deviation "
    "is bounded by the noise at the shortcut: it tells how open the texture is, and cannot doubt what the "
    "prior is sure of."
)


def noise_of(case: Case, draws: int, seed: int) -> torch.Tensor:
    """-> white noise [draws, D, H, W], the first draws the same whatever their number"""
    generator = torch.Generator().manual_seed(seed)
    return torch.stack([torch.randn(case.brain.shape, generator=generator) for _ in range(draws)])


def score_prior(case: Case) -> Row:
    """-> the figures of the prior and of its own guess of its error"""
    mean, scale = torch.cat([slab.prior for slab in case.slabs]).unbind(1)
    return score(case, mean.numpy(), scale.numpy(), PRIOR)


def score_refined(network: RefineNet, case: Case, sampling: Sampling, seed: int) -> Row:
    """-> the figures of the refined image"""
    noise = noise_of(case, sampling.noises, seed)
    started = time.perf_counter()
    image, spread = refined(network, case.slabs, noise, sampling)
    seconds = (time.perf_counter() - started) / len(image)
    return score(case, image.numpy(), spread.numpy(), REFINED) | {"seconds": seconds}


def held_out(
    patients: Patients, run: Path, folds: Sequence[int], scored: int, slices: int | None
) -> Iterator[tuple[RefineNet, list[Case]]]:
    """-> for at most so many patients of each fold, spread over the list, the network that was not trained on
    them and their cases. Raises FileNotFoundError if a fold's network was not trained."""
    recipe = Recipe.read(run / "recipe.json")
    networks = {fold: (trained(run, fold), kept_prior(run, fold), noise_levels(run, fold)) for fold in folds}
    chosen = [index for fold in folds for index in spread_over(patients, scored, fold)]
    for index in tqdm(chosen, unit="patient", mininterval=10):
        network, prior, levels = networks[patients.records[index].fold]
        yield network, cases_of(patients, index, prior, levels, recipe.enhancement, slices)


def evaluate(
    patients: Patients,
    run: Path,
    scored: int,
    folds: Sequence[int],
    sampling: Sampling,
    slices: int | None = None,
) -> str:
    """Score at most `scored` patients of each of the folds -> the table; also writes it, and the rows, into
    `<run>/evaluation.*`. slices: only so many around the largest lesion."""
    seed = Recipe.read(run / "recipe.json").seed
    rows: list[Row] = []
    for network, cases in held_out(patients, run, folds, scored, slices):
        for case in cases:
            rows += [score_prior(case), score_refined(network, case, sampling, seed)]
    rows = [{key: defined(value) for key, value in row.items()} for row in rows]
    targets = list(dict.fromkeys(row["target"] for row in rows))
    groups = {
        f"{target}, {result}": [r for r in rows if r["target"] == target and r["result"] == result]
        for target in targets
        for result in (PRIOR, REFINED)
    }
    before, after = ([r for r in rows if r["result"] == result] for result in (PRIOR, REFINED))
    gains = [
        f"{target}: psnr {change(before, after, 'psnr', target).text(2)} dB, paired with the prior"
        for target in targets
    ]
    text = "\n\n".join(
        [
            "# A C-UNet's mean, refined on short paths",
            f"{LEGEND} {vars(sampling)}, {extent(slices)}.",
            table(groups, COLUMNS),
            *gains,
        ]
    )
    write_json(run / "evaluation.json", {"rows": rows, "sampling": vars(sampling), "slices": slices})
    write_text(run / "evaluation.md", text + "\n")
    return text


def compare(
    patients: Patients,
    run: Path,
    scored: int,
    folds: Sequence[int],
    samplings: Sequence[Sampling],
    slices: int | None,
) -> str:
    """What each way to refine is worth: at most `scored` patients of each fold, one contrast of each, in turn
    -> the table; also writes it, and the rows, into `<run>/table.*`."""
    seed = Recipe.read(run / "recipe.json").seed
    groups: dict[str, list[Row]] = {PRIOR: []}
    for n, (network, cases) in enumerate(held_out(patients, run, folds, scored, slices)):
        case = cases[n % len(cases)]
        groups[PRIOR].append(score_prior(case))
        for sampling in samplings:
            row = score_refined(network, case, sampling, seed)
            groups.setdefault(named(sampling), []).append(row)
    psnr = column(groups[PRIOR], "psnr").mean
    for part in groups.values():
        for row, start in zip(part, groups[PRIOR], strict=True):
            row["psnr_change"] = row["psnr"] - start["psnr"]
    text = "\n\n".join(
        [
            "# Paths, steps, shortcut and cascades",
            f"{LEGEND} psnr_change: from the prior's {psnr:.2f} dB, paired.",
            table(groups, {"psnr_change": 2, **COLUMNS}),
        ]
    )
    rows = {
        name: [{key: defined(value) for key, value in row.items()} for row in part]
        for name, part in groups.items()
    }
    write_json(run / "table.json", rows)
    write_text(run / "table.md", text + "\n")
    return text


def extent(slices: int | None) -> str:
    """-> on which slices of a patient in words"""
    return "all slices" if slices is None else f"{slices} slices around the largest lesion"


def named(sampling: Sampling) -> str:
    """-> a way to refine in words"""
    s = sampling
    return f"paths: {s.paths}, steps: {s.steps} from {s.shortcut}, cascades: {s.cascades}"
