"""The stages of a training, from prepared patients to exportable weights."""

from __future__ import annotations

import json
import time
import zlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

import torch
from torch import nn

from ... import CONTRASTS
from ...common.fold_training import training_indices
from ...common.loss_log import read_rows
from ...common.processes import rank, wait
from ...common.training import Schedule
from ...common.weights import load_half, save_half, weights_file
from ...data.patients import Patients
from ...referee.train import BATCH as REFEREE_BATCH
from ...referee.train import train as train_referee
from .cunet import CUNet
from .latent_files import load_cases, save_cases
from .latents import LatentCase, with_tokens
from .mrm import Tokenizer
from .recipe import Recipe
from .residuals import out_of_fold, projection_file
from .train_cunet import train_cunet
from .train_mdn import BATCH as LATENT_BATCH
from .train_mdn import KEYS, choose, cross_fit, train_gaussian, train_mdn
from .train_mrm import BATCH as MRM_BATCH
from .train_mrm import tokens_of, train_mrm


@dataclass
class Training:
    """One run: its patients, its folder, and its remaining time."""

    recipe: Recipe
    patients: Patients
    run: Path
    deadline: float | None = None  # seconds for all stages together
    started: float = field(default_factory=time.monotonic)
    start: Path | None = None  # folder of initial weights of the C-UNets
    only: tuple[int, ...] = ()  # folds whose members this process trains; empty: all
    shares: float = 1.0  # of the remaining stages

    @property
    def device(self) -> torch.device:
        """That of the patients."""
        return self.patients.images.device

    @property
    def folds(self) -> list[int]:
        """All folds of the patients."""
        return sorted({r.fold for r in self.patients.records if r.fold >= 0})

    def schedule(self, rate: float, steps: int, share: float) -> Schedule:
        """-> `steps`, or with a deadline the `share` of the remaining time"""
        if self.deadline is None:
            return Schedule(rate, steps=steps)
        left = self.deadline - (time.monotonic() - self.started)
        seconds = max(1.0, left * share / max(self.shares, share))
        self.shares -= share
        return Schedule(rate, seconds=seconds)


COMPARED = 48  # cases that diffusion and Gaussian head are compared on: sampling takes seconds each on a CPU
LONG = 540.0  # seconds; fewer cases with a shorter deadline


def divided(schedule: Schedule, parts: int) -> Schedule:
    """-> the schedule of each of `parts` trainings that share its time; steps are not divided"""
    return (
        schedule
        if schedule.seconds is None
        else Schedule(schedule.learning_rate, seconds=schedule.seconds / parts)
    )


def member_name(fold: int) -> str:
    """-> the name of the C-UNet trained without the fold"""
    return f"member-{fold}"


def referee_name(fold: int) -> str:
    """-> the name of the referee trained without the fold"""
    return f"referee-{fold}"


def trained(network: CUNet, run: Path, name: str, device: torch.device) -> CUNet | None:
    """-> the finished network `name` of the run, or None"""
    file = weights_file(run, name)
    if not file.exists():
        return None
    load_half(network, file)
    return network.to(device=device, memory_format=torch.channels_last)  # type: ignore[call-overload, no-any-return]


def demand(run: Path, names: Iterable[str]) -> None:
    """Raises FileNotFoundError if one of the trainings is not finished. Evaluations call this first, because
    they must not train networks, and on other patients."""
    missing = [name for name in names if not weights_file(run, name).exists()]
    if missing:
        raise FileNotFoundError(f"{run}: no weights of {', '.join(missing)}. Train them first.")


def members(t: Training) -> dict[int, CUNet]:
    """-> the C-UNets by the fold that they were trained without; trains missing ones"""
    found = {}
    for fold in t.only or t.folds:
        name = member_name(fold)
        network = trained(CUNet(t.recipe), t.run, name, t.device)
        if network is None:
            network = train_cunet(
                t.recipe,
                t.patients,
                training_indices(t.patients, fold),
                t.schedule(t.recipe.rate, t.recipe.member_steps, SHARES["members"] / len(t.only or t.folds)),
                name=name,
                run=t.run,
                seed=t.recipe.seed + fold,
                start=t.start,
            )
        found[fold] = network
    return found


def mrm(t: Training) -> Tokenizer:
    """-> the encoders of all contrasts, with standardized tokens"""
    file = t.run / "mrm.half.pt"
    if file.exists():
        tokenizer = load_half(Tokenizer(), file).to(t.device)
        assert isinstance(tokenizer, Tokenizer)
        return tokenizer
    schedule = divided(t.schedule(1e-3, t.recipe.mrm_steps, SHARES["mrm"]), len(CONTRASTS))
    tokenizer = train_mrm(t.patients, t.run, schedule, t.device, t.recipe.seed)
    if rank() == 0:
        save_half(tokenizer, file)
    wait()
    return tokenizer


def residuals(t: Training) -> list[LatentCase]:
    """-> latents of all training patients, or those of the folds named, out of fold"""
    stem = t.run / "-".join(["residuals", *map(str, t.only)])
    tokenizer = mrm(t)
    if not stem.with_name(f"{stem.name}-00.npz").exists():
        networks = members(t)
        if rank() == 0:
            cases, projections = out_of_fold(networks, tokenizer, t.patients, t.recipe.seed)
            for fold, projection in projections.items():
                projection.write(projection_file(t.run, member_name(fold)))
            save_cases(cases, stem)
        wait()
    where = {r.id: i for i, r in enumerate(t.patients.records)}
    return [
        with_tokens(case, tokens_of(tokenizer, t.patients, where[case.patient], case.sources))
        for case in load_cases(stem)
    ]


def diffusion(t: Training) -> None:
    """Diffusion network and Gaussian head, cross-fitted and compared; then the better one on all patients."""
    cases = in_two_folds(residuals(t), {r.id: r.group for r in t.patients.records})
    folds = {case.fold for case in cases if case.fold >= 0}
    schedule = divided(t.schedule(2e-3, t.recipe.diffusion_steps, SHARES["diffusion"]), 2 * len(folds) + 1)
    diffusions = cross_fit(train_mdn, cases, t.run, schedule, t.device, name="mdn", seed=t.recipe.seed)
    gaussians = cross_fit(
        train_gaussian, cases, t.run, schedule, t.device, name="gaussian", seed=t.recipe.seed
    )
    if rank() == 0:
        count = COMPARED if t.deadline is None else max(len(folds), int(COMPARED * t.deadline / LONG))
        choose(compared_cases(cases, count), diffusions, gaussians, t.run, t.device)
    wait()
    comparison = json.loads((t.run / "comparison.json").read_text())
    ships = train_mdn if comparison["ships"] == "diffusion" else train_gaussian
    ships(cases, t.run, schedule, t.device, seed=t.recipe.seed)


def in_two_folds(cases: list[LatentCase], groups: Mapping[str, str]) -> list[LatentCase]:
    """-> cases that can be cross-fitted: where all are of one fold, because a single member was trained, its
    persons (`groups` by patient) are halved by name"""
    if len({case.fold for case in cases if case.fold >= 0}) != 1:
        return cases
    return [replace(case, fold=zlib.crc32(groups[case.patient].encode()) % 2) for case in cases]


def compared_cases(cases: list[LatentCase], count: int) -> list[LatentCase]:
    """-> at most `count` cases with one contrast missing, spread over the list"""
    alone = [case for case in cases if len(case.targets) == 1]
    return alone[:: -(-len(alone) // count)] if alone else cases


def student(t: Training) -> CUNet:
    """-> the network that ships, trained on all patients with half the truth and half the prediction of a
    member that was trained without the patient"""
    network = trained(CUNet(t.recipe, t.recipe.student_channels), t.run, "student", t.device)
    return network or train_cunet(
        t.recipe,
        t.patients,
        training_indices(t.patients, None),
        t.schedule(t.recipe.rate, t.recipe.student_steps, SHARES["student"]),
        name="student",
        run=t.run,
        seed=t.recipe.seed + 100,
        channels=t.recipe.student_channels,
        teachers=members(t),
        start=t.start,
    )


def referee(t: Training) -> dict[int, nn.Module]:
    """-> the referees by the fold that they were trained without"""
    schedule = divided(t.schedule(2e-3, t.recipe.referee_steps, SHARES["referee"]), len(t.folds))
    return train_referee(t.patients, t.run, schedule=schedule, seed=t.recipe.seed)


STAGES: dict[str, Callable[[Training], object]] = {
    "members": members,
    "mrm": mrm,
    "residuals": residuals,
    "diffusion": diffusion,
    "student": student,
    "referee": referee,
}

SHARES = {
    "members": 0.45,
    "mrm": 0.03,
    "residuals": 0.08,
    "diffusion": 0.10,
    "student": 0.24,
    "referee": 0.10,
}
"""Share of each stage in the time until a deadline."""


def train(t: Training, stages: Sequence[str]) -> None:
    """Run the stages in this order. Raises ValueError if the patients have fewer than two folds."""
    if len(t.folds) < 2:
        raise ValueError(
            "cross-fitting needs training patients in at least two folds; add patients to the data"
        )
    if rank() == 0:
        t.recipe.write(t.run / "recipe.json")
    t.shares = sum(SHARES[stage] for stage in stages)
    for stage in stages:
        before = t.shares
        STAGES[stage](t)
        t.shares = min(t.shares, before - SHARES[stage])
    if rank() == 0:
        (t.run / "speed.md").write_text(speed_table(t))
        print(speed_table(t))


def speed_table(t: Training) -> str:
    """-> Markdown: examples per second of every training of the run"""
    sizes = {
        "member": t.recipe.batch,
        "student": t.recipe.batch,
        "mrm": MRM_BATCH,
        "mdn": LATENT_BATCH * KEYS,
        "gaussian": LATENT_BATCH * KEYS,
        "referee": REFEREE_BATCH,
    }
    lines = ["| training | steps | seconds | slices a second |", "|---|---|---|---|"]
    for log in sorted(t.run.glob("*.csv")):
        kind = log.stem.split("-")[0]
        if kind in sizes:
            step, _, seconds = read_rows(log)[-1]
            rate = step * sizes[kind] / max(seconds, 1e-9)
            lines.append(f"| {log.stem} | {step} | {seconds:.0f} | {rate:.0f} |")
    return "\n".join(lines) + "\n"
