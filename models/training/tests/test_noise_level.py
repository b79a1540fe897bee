"""The noise of an image, and that of a missing contrast from those of the others."""

from __future__ import annotations

import math
from pathlib import Path

import pytest
import torch
from phantoms import phantoms

from synthesis import FLAIR, T1, T1CE, T2
from synthesis.methods.cmdm.fixture import NOISE_LEVELS
from synthesis.methods.cmdm.noise_level import LEAST, NoiseLevels, condition, fit_noise_levels, noise_level


def test_the_level_is_that_of_white_noise_whatever_lies_beneath() -> None:
    generator = torch.Generator().manual_seed(0)
    y, x = torch.meshgrid(torch.linspace(0, 1, 96), torch.linspace(0, 1, 96), indexing="ij")
    smooth = (x * y + (x > 0.5) * 0.3)[None, None]
    inside = (torch.hypot(x - 0.5, y - 0.5) < 0.45)[None, None]
    for level in (0.005, 0.03):
        noisy = smooth + level * torch.randn(smooth.shape, generator=generator)
        assert float(noise_level(noisy, inside).exp()) == pytest.approx(level, rel=0.1)
    assert float(noise_level(smooth, inside)) == LEAST
    assert float(noise_level(smooth, inside & False)) == LEAST


def test_the_network_is_given_a_share_of_the_range() -> None:
    assert condition(torch.tensor([-6.0, -4.5, -3.0])).tolist() == [[0.0], [0.5], [1.0]]


def test_a_missing_level_follows_from_the_others(tmp_path: Path) -> None:
    mean = NOISE_LEVELS.mean
    same = {T1: mean[T1], T2: mean[T2]}
    assert NOISE_LEVELS.of(FLAIR, same) == pytest.approx(mean[FLAIR])
    # covariance 0.2 over variance 0.3
    noisier = {T1: mean[T1] + math.log(2)}
    assert NOISE_LEVELS.of(FLAIR, noisier) == pytest.approx(mean[FLAIR] + math.log(2) * 2 / 3)
    both = noisier | {T1CE: mean[T1CE] + math.log(2)}
    assert NOISE_LEVELS.of(FLAIR, both) == pytest.approx(mean[FLAIR] + math.log(2) * 4 / 5)
    NOISE_LEVELS.write(tmp_path / "levels.json")
    assert NoiseLevels.read(tmp_path / "levels.json") == NOISE_LEVELS
    assert NOISE_LEVELS.manifest()["covariance"]["t1"]["flair"] == 0.2


def test_the_levels_are_those_of_patients() -> None:
    found = fit_noise_levels(phantoms(3), [0, 1, 2])
    assert all(LEAST <= value <= LEAST + 3 for value in found.mean)
    with pytest.raises(ValueError, match="Fewer than two"):
        fit_noise_levels(phantoms(3), [0])
