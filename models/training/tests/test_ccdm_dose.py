"""The simulation of a smaller dose of contrast agent, and its linear baseline."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest
import torch
from phantoms import phantoms

from synthesis import T1, T1CE
from synthesis.data.patients import BRAIN, Patients
from synthesis.methods.ccdm import measure_baseline as measured
from synthesis.methods.ccdm.baseline import Moments, best_gain, moments, scaled
from synthesis.methods.ccdm.cases import case_of, held_out
from synthesis.methods.ccdm.dose import (
    SEQUENCES,
    SPIN_ECHO,
    SPOILED_GRADIENT_ECHO,
    Sequence,
    low_dose,
    noise_level,
    share_of_enhancement,
)
from synthesis.methods.ccdm.scores import score

torch.set_num_threads(1)

SILENT = (torch.tensor(0.0), torch.tensor(0.0))
both = pytest.mark.parametrize("sequence", SEQUENCES, ids=("gradient echo", "spin echo"))


@pytest.fixture(scope="module")
def patients() -> Patients:
    return phantoms(3)


def pair(count: int = 4000) -> tuple[torch.Tensor, torch.Tensor]:
    """-> T1 and T1ce of voxels of which some darken, some stay and some enhance, up to saturation"""
    generator = torch.Generator().manual_seed(1)
    t1 = 0.2 + 0.5 * torch.rand(count, generator=generator)
    return t1, (t1 - 0.1 + 0.8 * torch.rand(count, generator=generator)).clamp(0, 1.275)


@both
def test_the_full_dose_is_the_t1ce_and_none_is_the_t1(sequence: Sequence) -> None:
    t1, t1ce = pair()
    white, noise = torch.randn(len(t1)), (torch.tensor(0.1), torch.tensor(0.1))
    for dose, expected in ((0.0, t1), (1.0, t1ce)):
        found = low_dose(t1, t1ce, torch.tensor(dose), sequence, noise, white)
        torch.testing.assert_close(found, expected, atol=2e-3, rtol=0)


@both
def test_more_dose_never_shows_less_enhancement(sequence: Sequence) -> None:
    t1, t1ce = pair()
    t1ce = t1ce.maximum(t1)
    doses = torch.linspace(0, 1, 21)
    shown = [low_dose(t1, t1ce, dose, sequence, SILENT, t1) for dose in doses]
    for less, more in zip(shown, shown[1:], strict=False):
        assert float((more - less).min()) > -1e-5
    assert float((shown[10] - shown[5])[t1ce > t1 + 0.1].min()) > 0.01


@both
def test_a_quarter_of_the_dose_shows_more_than_a_quarter_where_tissue_enhances(sequence: Sequence) -> None:
    dose = torch.tensor(0.25)
    t1 = torch.tensor([0.5, 0.5, 0.5, 0.5])
    share = share_of_enhancement(t1, torch.tensor([0.45, 0.5, 0.7, 0.9]), dose, sequence)
    assert share[:2].tolist() == [0.25, 0.25]
    assert 0.25 < float(share[2]) < float(share[3]) < 0.5


def test_a_spin_echo_saturates_sooner() -> None:
    t1, t1ce, dose = torch.tensor([0.4]), torch.tensor([0.7]), torch.tensor(0.25)
    shares = [float(share_of_enhancement(t1, t1ce, dose, s)) for s in (SPOILED_GRADIENT_ECHO, SPIN_ECHO)]
    assert shares[0] + 0.01 < shares[1]
    rate = torch.tensor([0.5, 1.0, 3.0])
    for sequence in SEQUENCES:
        torch.testing.assert_close(sequence.rate(sequence.signal(rate)), rate, atol=1e-3, rtol=1e-3)


def test_a_smaller_dose_is_as_noisy_as_the_acquired_images() -> None:
    generator = torch.Generator().manual_seed(3)

    def noise(level: float) -> torch.Tensor:
        return level * torch.randn(8, 96, 96, generator=generator)

    t1, t1ce = 0.5 + noise(0.02), 0.5 + noise(0.03)
    everywhere = torch.ones(t1.shape, dtype=torch.bool)
    levels = (noise_level(t1, everywhere), noise_level(t1ce, everywhere))
    assert levels == pytest.approx((0.02, 0.03), rel=0.05)
    for dose in (0.1, 0.25, 0.5, 0.9):
        low = low_dose(
            t1, t1ce, torch.tensor(dose), SPIN_ECHO, (torch.tensor(0.02), torch.tensor(0.03)), noise(1)
        )
        expected = (1 - dose) * 0.02**2 + dose * 0.03**2
        # voxels that are brighter after the agent by their noise alone follow the signal's curve
        assert float(low.var()) == pytest.approx(expected, rel=0.06)
        assert noise_level(low, everywhere) ** 2 == pytest.approx(expected, rel=0.1)


def test_noise_is_not_measured_where_nothing_is() -> None:
    with pytest.raises(ValueError, match="empty mask"):
        noise_level(torch.zeros(2, 8, 8), torch.zeros(2, 8, 8, dtype=torch.bool))


def test_the_gain_is_that_of_least_squares() -> None:
    t1, t1ce = pair()
    inside = torch.ones(t1.shape, dtype=torch.bool)
    low = t1 + 0.25 * (t1ce - t1)
    assert best_gain([moments(t1, low, t1ce, inside)]) == pytest.approx(4, abs=6e-3)
    noisy = low + 0.05 * torch.randn(low.shape, generator=torch.Generator().manual_seed(2))
    gain = best_gain([moments(t1, noisy, t1ce, inside)])
    assert gain < 3.3
    errors = [float((scaled(t1, noisy, g) - t1ce).square().mean()) for g in (gain - 0.3, gain, gain + 0.3)]
    assert errors[1] < errors[0] and errors[1] < errors[2]
    with pytest.raises(ValueError, match="no difference"):
        best_gain([Moments(0.0, 0.0, 1.0)])


def test_the_patients_of_every_fold_are_scored_in_turn(patients: Patients) -> None:
    assert [patients.records[i].fold for i in held_out(patients, 2)] == [0, 1]
    records = tuple(
        replace(r, whole_lesion=i == 0, present=(i != 1, True, True, True))
        for i, r in enumerate(patients.records)
    )
    other = replace(patients, records=records)
    assert held_out(other, 9) == [2]
    with pytest.raises(ValueError, match="phantom-1"):
        case_of(other, 1)


def test_a_case_is_what_was_acquired(patients: Patients) -> None:
    case = case_of(patients, 1)
    inside = (patients.labels[1] >= BRAIN)[patients.records[1].slices]
    assert torch.equal(case.brain, inside) and not case.low(0.25)[~inside].any()
    assert torch.equal(case.low(0.25), case.low(0.25))
    assert not torch.equal(case.low(0.25), case.low(0.25, 3.0))
    # noise of 4 codes in these phantoms
    assert case.noise == pytest.approx((0.02, 0.02), rel=0.15)
    row = score(case, case.t1ce, torch.full_like(case.t1ce, 0.01))
    assert row["psnr"] > 30 and row["precision_share"] == pytest.approx(1)
    assert row["missed"] < 0.2 and row["false_ml"] == 0 and row["enhancement"] == pytest.approx(1)
    nothing = score(case, case.t1)
    assert nothing["missed"] > 0.9 and nothing["precision_share"] < 0.5 and nothing["psnr"] < row["psnr"]


def test_the_baseline_is_measured_out_of_fold(patients: Patients, tmp_path: Path) -> None:
    other = patients.images.clone()
    other[0, T1CE] = other[0, T1]  # lowers the factor of all folds but its own
    unlike = replace(patients, images=other)
    gains = measured.fit_gains(unlike, (0.25,), 1.0)
    assert gains[0, 0.25] > 1.2 * max(gains[1, 0.25], gains[2, 0.25])
    text = measured.measure_baseline(patients, tmp_path / "run", 2, doses=(0.25,))
    assert "| 25% | 1 | 2 |" in text and text == (tmp_path / "run/baseline.md").read_text()
    rows = json.loads((tmp_path / "run/baseline.json").read_text())["rows"]
    acquired, made = (next(r for r in rows if r["dose"] == dose) for dose in ("acquired", "25%"))
    assert acquired["psnr"] > made["psnr"] > 15 and made["gain"] > 1.2
