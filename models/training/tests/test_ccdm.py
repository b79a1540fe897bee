"""The network of CCDM, its training and its figures, on phantoms: no patient data, no trained weights."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest
import torch
from long import long
from phantoms import phantoms

from synthesis import CEILING, ENHANCING
from synthesis.common import conv_norm, training
from synthesis.common.bundle import flops
from synthesis.common.fold_training import name_of
from synthesis.common.loss_log import read_rows
from synthesis.common.weights import weights_file
from synthesis.data.patients import Patients
from synthesis.methods.ccdm import evaluate as evaluation
from synthesis.methods.ccdm.ablation import ARMS, ablate
from synthesis.methods.ccdm.batches import Batch, Sampler
from synthesis.methods.ccdm.cases import case_of
from synthesis.methods.ccdm.dose import LEAST
from synthesis.methods.ccdm.evaluate import evaluate, steps_down
from synthesis.methods.ccdm.network import NEIGHBOURS, SLICES, DoseNet, deviation, gain
from synthesis.methods.ccdm.predict import draw, neighbourhoods, predict
from synthesis.methods.ccdm.recipe import Recipe
from synthesis.methods.ccdm.train import loss_of, train, trained, training_indices

torch.set_num_threads(1)

TINY = Recipe(channels=(8, 8), code=8, crop=48, batch=4, steps=12, seed=3)


@pytest.fixture(scope="module")
def patients() -> Patients:
    return phantoms(3)


def generator(seed: int = 0) -> torch.Generator:
    return torch.Generator().manual_seed(seed)


def test_an_untrained_network_gives_the_linear_answer() -> None:
    network = DoseNet(TINY).eval()
    images = torch.rand(2, 2 * SLICES, 16, 16)
    dose = torch.tensor([0.25, 0.8])
    found = network(images, torch.zeros(2, 1, 16, 16), torch.stack([dose, torch.zeros(2)], 1))
    t1, low = images[:, NEIGHBOURS], images[:, SLICES + NEIGHBOURS]
    rise = (gain(dose)[:, None, None] * (low - t1)).clamp(-1.5, 1.5)
    torch.testing.assert_close(found.mean[:, 0], t1 + rise)
    assert not found.residual.any() and bool((found.scale > 0).all())


def test_a_smaller_dose_is_multiplied_by_more_and_leaves_more_open() -> None:
    dose = torch.linspace(LEAST, 1, 20)
    assert bool((gain(dose)[:-1] < 1 / dose[:-1]).all()) and bool((gain(dose).diff() < 0).all())
    # the factors that the linear baseline fits to patients
    measured = torch.tensor([5.5, 2.86, 1.72])
    torch.testing.assert_close(gain(torch.tensor([0.1, 0.25, 0.5])), measured, rtol=0.1, atol=0)
    assert bool((deviation(dose, TINY).diff() < 0).all())
    same = deviation(dose, replace(TINY, noise="same"))
    assert float(same.min()) == float(same.max()) > 0


def test_the_network_is_small_enough() -> None:
    network = DoseNet(Recipe()).to("meta")
    inputs = [torch.zeros(1, n, 192, 192, device="meta") for n in (2 * SLICES, 1)]
    assert flops(network, (*inputs, torch.zeros(1, 2, device="meta"))) < 4e9
    assert 2 * sum(p.numel() for p in network.parameters()) < 15e6


@pytest.mark.parametrize("vicinity", ["none", "hard", "soft"])
def test_a_batch_is_a_dose_and_what_it_shows(patients: Patients, vicinity: str) -> None:
    recipe = Recipe(**{**vars(TINY), "vicinity": vicinity, "batch": 32})
    batch = Sampler(patients, [0, 1, 2], recipe).draw(generator(1))
    assert batch.images.shape == (32, 2 * SLICES, 48, 48) and batch.truth.shape == (32, 1, 48, 48)
    assert 0 <= float(batch.images.min()) and float(batch.images.max()) <= CEILING
    dose, signal = batch.condition.unbind(1)
    assert float(dose.min()) < 0.12 and float(dose.max()) > 0.6
    plain = signal == 0
    assert 0.4 < float(plain.float().mean()) < 0.95
    assert not batch.noisy[plain].any() and bool(batch.noisy[~plain].flatten(1).any(1).all())
    # enhancing tumour counts fourfold, and is brighter the more agent there is
    weight = batch.weight / batch.weight.flatten(1).max(1).values.clamp(min=1e-9)[:, None, None, None]
    tumour = weight > 0.9
    low, t1 = batch.images[:, SLICES + NEIGHBOURS, None], batch.images[:, NEIGHBOURS, None]
    shown = [float((low - t1)[i][tumour[i]].mean()) for i in range(16)]
    order = torch.corrcoef(torch.stack([torch.tensor(shown), dose[:16]]))[0, 1]
    assert float(order) > 0.7
    weights = batch.weight.flatten(1).max(1).values[:16]
    assert (float(weights.std()) > 0.1) == (vicinity == "soft")


def test_the_vicinity_is_between_the_dose_and_what_is_told(patients: Patients) -> None:
    dose = torch.full((500, 1), 0.2)
    for vicinity, low, high in (("none", 0, 0), ("hard", 0.04, 0.07), ("soft", 0.08, 0.12)):
        recipe = Recipe(**{**vars(TINY), "vicinity": vicinity})
        told, close = Sampler(patients, [0], recipe).told(generator(), dose)
        off = (told / dose).log()
        assert low <= float(off.std()) <= high + 1e-6 and float(close.mean()) == pytest.approx(1, abs=1e-4)
        if vicinity == "soft":
            assert float(close[off.abs() < 0.02].min()) > float(close[off.abs() > 0.15].max())


def test_the_loss_learns_the_brain_alone(patients: Patients) -> None:
    batch = Sampler(patients, [0], TINY).draw(generator(2))
    network = DoseNet(TINY)
    output = network(batch.images, batch.noisy, batch.condition)
    before = float(loss_of(output, batch).detach())
    outside = batch.weight == 0
    assert outside.any()
    changed = output._replace(mean=torch.where(outside, output.mean + 1, output.mean))
    assert float(loss_of(changed, batch).detach()) == pytest.approx(before)
    worse = output._replace(mean=output.mean + 0.2)
    assert float(loss_of(worse, batch).detach()) > before


def test_a_training_leaves_out_its_fold_and_beats_the_linear_answer(
    patients: Patients, tmp_path: Path
) -> None:
    assert training_indices(patients, 1) == [0, 2] and training_indices(patients, None) == [0, 1, 2]
    recipe = replace(TINY, steps=60)
    network = train(recipe, patients, tmp_path, [1])[1]
    rows = read_rows(tmp_path / f"{name_of(1)}.csv")
    assert rows[-1][0] == 60 and weights_file(tmp_path, "fold-1").exists()
    case = case_of(patients, 1)
    low = case.low(0.25)
    mean, scale = predict(network, case.t1, low, case.brain, 0.25)
    linear, _ = predict(DoseNet(recipe).eval(), case.t1, low, case.brain, 0.25)
    errors = [float((v - case.t1ce)[case.brain].abs().mean()) for v in (mean, linear)]
    assert errors[0] < 0.9 * errors[1]
    assert not mean[~case.brain].any() and not scale[~case.brain].any() and float(mean.max()) <= CEILING


def test_an_interrupted_training_equals_an_uninterrupted_one(
    patients: Patients, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    measured = 2  # batches for the statistics, at each of three snapshots
    monkeypatch.setattr(conv_norm, "BATCHES", measured)
    whole = train(TINY, patients, tmp_path / "whole", [0])[0]
    draw, calls = Sampler.draw, [0]

    def interrupted(self: Sampler, generator: torch.Generator) -> Batch:
        calls[0] += 1
        if calls[0] == 4:
            raise KeyboardInterrupt
        return draw(self, generator)

    monkeypatch.setattr(training, "SAVE_EVERY", 0.0)
    monkeypatch.setattr(Sampler, "draw", interrupted)
    with pytest.raises(KeyboardInterrupt):
        train(TINY, patients, tmp_path / "parts", [0])
    again = train(TINY, patients, tmp_path / "parts", [0])[0]
    assert calls[0] == 4 + TINY.steps - 3 + 3 * measured
    for a, b in zip(whole.parameters(), again.parameters(), strict=True):
        assert torch.equal(a, b)
    with pytest.raises(FileNotFoundError, match="fold-2"):
        trained(tmp_path / "parts", 2)


def test_a_sample_differs_by_its_noise_alone(patients: Patients) -> None:
    case = case_of(patients, 0)
    some = slice(20, 26)
    t1, low, brain = case.t1[some], case.low(0.1)[some], case.brain[some]
    network = DoseNet(TINY).eval()
    torch.nn.init.normal_(network.head.weight, std=0.3, generator=generator())
    white = [torch.randn(t1.shape, generator=generator(s)) for s in (1, 1, 2)]
    one, same, other = (draw(network, t1, low, brain, 0.1, w) for w in white)
    assert torch.equal(one, same) and not torch.equal(one, other) and not one[~brain].any()


def test_edge_slices_are_repeated() -> None:
    found = neighbourhoods(torch.arange(4.0)[:, None, None])
    assert found[:, :, 0, 0].tolist() == [[0, 0, 1], [0, 1, 2], [1, 2, 3], [2, 3, 3]]


@long
def test_enhancement_is_followed_over_the_dose(patients: Patients, tmp_path: Path) -> None:
    assert steps_down([1, 2, 1.5, 3]) == 0.5 and steps_down([1, 2, 3]) == 0
    train(replace(TINY, steps=2), patients, tmp_path, [0])
    case = case_of(patients, 0)
    found = evaluation.ladder(trained(tmp_path, 0), case)
    told = found["told"]
    assert found["slider"] == sorted(found["slider"]) and found["slider"][-1] > 1.2 * found["slider"][0]
    assert found["fall_slider"] == 0
    assert told[0] > 1.5 * told[-1], "a dose that is told too small must show more"
    nobody = replace(case, labels=case.labels * (case.labels != ENHANCING))
    assert evaluation.ladder(trained(tmp_path, 0), nobody) == {}
    text = evaluate(patients, tmp_path, 1, [0], doses=(0.25,))
    assert "| 25% | 12% | 1 | 1 |" in text and text == (tmp_path / "evaluation.md").read_text()
    rows = json.loads((tmp_path / "evaluation.json").read_text())["rows"]
    assert [row["told"] for row in rows] == ["25%", "12%", "50%"]
    assert rows[1]["enhancement"] > rows[0]["enhancement"] > rows[2]["enhancement"]


def test_a_recipe_is_read_again(tmp_path: Path) -> None:
    TINY.write(tmp_path / "recipe.json")
    assert Recipe.read(tmp_path / "recipe.json") == TINY
    (tmp_path / "other.json").write_text('{"doses": 3}')
    with pytest.raises(ValueError, match="doses"):
        Recipe.read(tmp_path / "other.json")


@long
def test_the_ablation_compares_paired_trainings(patients: Patients, tmp_path: Path) -> None:
    tiny = replace(TINY, steps=2)
    text = ablate(tiny, patients, tmp_path, 0, 1)
    assert text == (tmp_path / "ablation.md").read_text()
    rows = json.loads((tmp_path / "ablation.json").read_text())["rows"]
    assert {row["arm"] for row in rows} == set(ARMS)
    assert all(("sample_psnr" in row) == (row["dose"] == row["told"] == "25%") for row in rows)
    assert "| no vicinity | 25% | 12% | 1 |" in text and "+-" in text
    trained_with = [json.loads((tmp_path / f"arm-{n}/recipe.json").read_text()) for n in range(len(ARMS))]
    assert [recipe["vicinity"] for recipe in trained_with] == ["hard", "soft", "none", "hard"]
