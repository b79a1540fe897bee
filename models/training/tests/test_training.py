"""The training loop on two weights: resumed, killed, by the clock."""

from __future__ import annotations

from pathlib import Path

import pytest
import torch
from torch import Tensor, nn

from synthesis.common import training
from synthesis.common.loss_log import read_rows
from synthesis.common.training import LossOf, Schedule, fit
from synthesis.common.weights import load_half, weights_file

torch.set_num_threads(1)


class Line(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.weight = nn.Parameter(torch.zeros(2))

    def forward(self, x: Tensor) -> Tensor:
        return x @ self.weight


def line_loss(model: nn.Module, random: torch.Generator, step: int) -> Tensor:
    x = torch.randn(16, 2, generator=random)
    return (model(x) - x @ torch.tensor([1.0, -2.0])).square().mean()


def fit_line(run: Path, steps: int, loss: LossOf = line_loss) -> nn.Module:
    return fit(
        Line(), loss, Schedule(0.2, steps=steps), name="line", run=run, seed=1, device=torch.device("cpu")
    )


def test_an_interrupted_training_repeats_an_uninterrupted_one(tmp_path: Path) -> None:
    def weights(run: Path, steps: list[int], monkey: pytest.MonkeyPatch) -> Tensor:
        found: nn.Module = Line()
        for stop in steps:
            monkey.setattr(
                Schedule, "progress", lambda self, step, _, stop=stop: 1.0 if step >= stop else step / 60
            )
            found = fit_line(run, 60)
        return found.state_dict()["weight"]

    with pytest.MonkeyPatch.context() as monkey:
        whole, parts = weights(tmp_path / "a", [60], monkey), weights(tmp_path / "b", [25, 60], monkey)
    assert torch.allclose(whole, parts) and torch.allclose(whole, torch.tensor([1.0, -2.0]), atol=0.2)
    assert (tmp_path / "a" / "line-40.half.pt").exists() and (tmp_path / "a" / "line.png").exists()
    assert torch.allclose(
        load_half(Line(), weights_file(tmp_path / "a", "line")).state_dict()["weight"], whole, atol=2e-3
    )


def test_a_training_that_was_killed_logs_no_step_twice(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Killed at step 35, 19 steps after its last checkpoint, and continued."""
    kills = iter([True, False])
    monkeypatch.setattr(training, "LOG_EVERY", 10)
    monkeypatch.setattr(training, "SAVE_EVERY", 0.0)

    def loss(model: nn.Module, random: torch.Generator, step: int) -> Tensor:
        if step == 15:
            monkeypatch.setattr(training, "SAVE_EVERY", 1e9)
        if step == 35 and next(kills):
            raise KeyboardInterrupt
        return line_loss(model, random, step)

    with pytest.raises(KeyboardInterrupt):
        fit_line(tmp_path, 50, loss)
    log = tmp_path / "line.csv"
    before = read_rows(log)
    assert [step for step, _, _ in before] == [10, 20, 30]
    fit_line(tmp_path, 50, loss)
    after = read_rows(log)
    assert [step for step, _, _ in after] == [10, 20, 30, 40, 50] and after[0] == before[0]


def test_a_deadline_ends_with_a_learning_rate_of_zero() -> None:
    schedule = Schedule(1.0, seconds=10)
    assert schedule.progress(10**6, 5) == 0.5 and schedule.progress(0, 11) == 1
    assert schedule.rate(0.0) < 0.02 and schedule.rate(0.05) > 0.9 and schedule.rate(1.0) == pytest.approx(0)
    with pytest.raises(ValueError, match="either"):
        Schedule(1.0)
