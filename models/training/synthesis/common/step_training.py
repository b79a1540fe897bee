"""The training loop of the networks that ship now: by steps, seeded by NumPy, resumable, averaged. New
methods use `training.py`."""

from __future__ import annotations

import copy
import math
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import torch
from torch import Tensor, nn
from tqdm import tqdm

from .files import write_torch
from .loss_log import append_row, draw_losses, forget_after

SAVE_EVERY = 60.0  # seconds
LOG_EVERY = 50  # steps
WARM_UP = 200  # steps


def learning_rate_factor(step: int, total: int) -> float:
    """-> share of the learning rate: linear warm-up, then a half cosine down to 0"""
    warm = min(WARM_UP, total // 10 + 1)
    return min(1.0, (step + 1) / warm) * 0.5 * (1 + math.cos(math.pi * step / total))


@torch.no_grad()
def update_average(average: nn.Module, model: nn.Module, step: int, decay: float = 0.998) -> None:
    """Move the averaged weights towards those of `model`; early in the training the average is short."""
    decay = min(decay, (1 + step) / (10 + step))
    for mine, other in zip(average.state_dict().values(), model.state_dict().values()):
        if mine.is_floating_point():
            mine.lerp_(other, 1 - decay)
        else:
            mine.copy_(other)


def fit(
    model: nn.Module,
    loss_of: Callable[[np.random.Generator, int], Tensor],
    *,
    steps: int,
    learning_rate: float,
    seed: int,
    checkpoint: Path,
    stop: int | None = None,
) -> nn.Module:
    """Minimize `loss_of(rng, step)` -> the averaged model, in evaluation mode.

    `stop`: end before all `steps` of the schedule are done, to be continued later. Continues from
    `checkpoint` if it exists; a finished one is only loaded. Every step seeds its own random numbers, so that
    a resumed run equals an uninterrupted one. Losses go to a CSV and a PNG next to the checkpoint.
    """
    average = copy.deepcopy(model).eval()
    optimizer = torch.optim.AdamW(model.parameters(), learning_rate, betas=(0.9, 0.99), weight_decay=0.01)
    step, seconds, stop = 0, 0.0, steps if stop is None else stop
    if checkpoint.exists():
        state = torch.load(checkpoint, weights_only=True)
        model.load_state_dict(state["model"])
        average.load_state_dict(state["average"])
        optimizer.load_state_dict(state["optimizer"])
        step, seconds = state["step"], state["seconds"]
    log = checkpoint.with_suffix(".csv")
    forget_after(log, step)

    def save() -> None:
        write_torch(
            checkpoint,
            {
                "model": model.state_dict(),
                "average": average.state_dict(),
                "optimizer": optimizer.state_dict(),
                "step": step,
                "seconds": seconds,
            },
        )

    model.train()
    losses: list[float] = []
    started = saved = time.monotonic() - 1e-9
    before = seconds
    with tqdm(total=steps, initial=step, desc=checkpoint.stem, mininterval=5, dynamic_ncols=True) as bar:
        while step < stop:
            for group in optimizer.param_groups:
                group["lr"] = learning_rate * learning_rate_factor(step, steps)
            torch.manual_seed(seed * 1_000_003 + step)
            loss = loss_of(np.random.default_rng((seed, step)), step)
            optimizer.zero_grad(set_to_none=True)
            loss.backward()
            nn.utils.clip_grad_norm_(model.parameters(), 1.0)
            optimizer.step()
            update_average(average, model, step)
            losses.append(float(loss.detach()))
            step += 1
            bar.update()
            seconds = before + time.monotonic() - started
            if step % LOG_EVERY == 0 or step == stop:
                mean, losses = float(np.mean(losses)), []
                bar.set_postfix(loss=f"{mean:.4f}")
                append_row(log, step, mean, seconds)
            if time.monotonic() - saved > SAVE_EVERY or step == stop:
                save()
                saved = time.monotonic()
    draw_losses(log)
    return average


def load_average(model: nn.Module, checkpoint: Path) -> nn.Module:
    """-> `model` with the averaged weights of `checkpoint`, in evaluation mode"""
    model.load_state_dict(torch.load(checkpoint, weights_only=True)["average"])
    return model.eval()
