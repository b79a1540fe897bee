"""The network of CMDM, its training and its paths, on phantoms: no patient data, no trained weights."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch
from long import long
from phantoms import phantoms

from synthesis import CEILING, CONTRASTS, FLAIR, T1, T1CE, T2
from synthesis.common.bundle import flops
from synthesis.common.fold_training import name_of
from synthesis.common.sampler import LAST, sampler_timesteps
from synthesis.common.weights import save_half, weights_file
from synthesis.data.patients import Patients
from synthesis.methods.cdm.cunet import NEIGHBOURS, SLICES, CUNet
from synthesis.methods.cdm.recipe import Recipe as PriorRecipe
from synthesis.methods.cmdm.batches import LIMIT, Sampler
from synthesis.methods.cmdm.evaluate import compare, evaluate
from synthesis.methods.cmdm.network import RefineNet, detail, deviation
from synthesis.methods.cmdm.noise_level import fit_noise_levels
from synthesis.methods.cmdm.predict import Sampling, Slab, patient_slabs, predict_slab, refine, refined
from synthesis.methods.cmdm.prior import channel, keep_prior, kept_prior, kept_recipe
from synthesis.methods.cmdm.recipe import Recipe
from synthesis.methods.cmdm.scores import window
from synthesis.methods.cmdm.train import levels_file, loss_of, noise_levels, train, trained

torch.set_num_threads(1)

TINY = Recipe(channels=(8, 8), code=8, crop=48, batch=4, steps=12, seed=3)
PRIOR = PriorRecipe(channels=(8, 8, 8, 8), blocks=(1, 1, 1, 1), code=8)
SOURCES = (T1, T2, FLAIR)


@pytest.fixture(scope="module")
def patients() -> Patients:
    return phantoms(3)


@pytest.fixture(scope="module")
def prior_run(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A run with a C-UNet that mixes the sources, for the fold 0"""
    run = tmp_path_factory.mktemp("prior")
    torch.manual_seed(5)
    network = CUNet(PRIOR).eval()
    torch.nn.init.constant_(network.mix.bias, 1 / len(SOURCES))
    save_half(network, weights_file(run, "member-0"))
    PRIOR.write(run / "recipe.json")
    return run


def generator(seed: int = 0) -> torch.Generator:
    return torch.Generator().manual_seed(seed)


def inputs(count: int = 2, side: int = 16) -> tuple[torch.Tensor, ...]:
    """-> the network's inputs without the noisy residual and its signal"""
    torch.manual_seed(1)
    prior = torch.stack([torch.rand(count, side, side), 0.02 + 0.05 * torch.rand(count, side, side)], 1)
    target = torch.eye(len(CONTRASTS))[[T1CE] * count]
    return torch.rand(count, len(CONTRASTS) * SLICES, side, side), torch.ones(count, 4), prior, target


def slab(count: int = 2, side: int = 16) -> Slab:
    images, availability, prior, target = inputs(count, side)
    brain = torch.zeros(count, 1, side, side, dtype=torch.bool)
    brain[..., 4:-4, 4:-4] = True
    return Slab(images, availability, prior * brain, target, brain, torch.full((count, 1), 0.5))


def random_network(seed: int = 2) -> RefineNet:
    torch.manual_seed(seed)
    network = RefineNet(TINY).eval()
    torch.nn.init.normal_(network.head.weight, std=0.2)
    return network


def test_an_untrained_network_gives_the_prior() -> None:
    given = slab()
    noise = torch.randn(4, *given.brain.shape, generator=generator())
    image, spread = predict_slab(RefineNet(TINY).eval(), given, noise, Sampling())
    torch.testing.assert_close(image, given.prior[:, :1])
    assert not spread.any()


def test_the_network_is_small_enough() -> None:
    network = RefineNet(Recipe()).to("meta")
    shapes = [(1, 20, 192, 192), (1, 4), (1, 2, 192, 192), (1, 1, 192, 192), (1, 4), (1, 1), (1, 1)]
    assert flops(network, tuple(torch.zeros(*s, device="meta") for s in shapes)) < 1.5e9
    assert 2 * sum(p.numel() for p in network.parameters()) < 2e6


def test_detail_is_what_a_mean_lacks() -> None:
    flat = torch.full((1, 1, 16, 16), 0.7)
    inner = (..., slice(3, -3), slice(3, -3))
    assert float(detail(flat)[inner].abs().max()) < 1e-6
    flat[..., 8, 8] = 1.7
    assert float(detail(flat)[..., 8, 8]) == pytest.approx(0.96)


class Follows(RefineNet):
    """Takes all of the noise for the residual"""

    def forward(self, *x: torch.Tensor) -> torch.Tensor:
        return x[3]


def test_where_the_prior_is_sure_less_is_changed() -> None:
    given = slab()
    noise = torch.randn(4, *given.brain.shape, generator=generator())
    _, spread = predict_slab(Follows(TINY), given, noise, Sampling(cascades=2))
    sure = replace(given, prior=given.prior * torch.tensor([1.0, 0.5])[:, None, None])
    _, less = predict_slab(Follows(TINY), sure, noise, Sampling(cascades=2))
    torch.testing.assert_close(less, spread / 2)
    assert float(spread.mean()) > 0


def test_paths_start_half_way_from_the_prior_to_the_mean_of_the_cascade_before() -> None:
    given, seen = slab(), []

    class Sure(RefineNet):
        """Finds a residual of 1 whatever the noise"""

        def forward(self, *x: torch.Tensor) -> torch.Tensor:
            seen.append(x[3])
            return torch.ones_like(x[3])

    network = Sure(TINY)
    noise = torch.zeros(6, *given.brain.shape)
    settings = Sampling(paths=2, steps=3, shortcut=400, cascades=3)
    mean, spread = refine(network, given, noise, settings)
    assert settings.noises == 6 and len(seen) == 6 * 3
    assert bool((mean == 1).all()) and not spread.any()
    first = [float(x[given.brain].mean()) for x in seen[:: 2 * 3]]
    assert first[0] == 0 and first[1] > 0
    assert first[2] / first[1] == pytest.approx(0.75 / 0.5)
    assert not seen[-1][~given.brain].any()


def test_timesteps_begin_at_the_shortcut() -> None:
    assert sampler_timesteps(4, 300)[0] == 300 and sampler_timesteps(2, 300) == [300, LAST]
    assert sampler_timesteps()[0] == 999 and Sampling(steps=5).timesteps == sampler_timesteps(5, 600)


def test_a_batch_is_a_missing_contrast_and_its_residual(
    patients: Patients, prior_run: Path, tmp_path: Path
) -> None:
    recipe = replace(TINY, batch=32)
    keep_prior(prior_run, tmp_path, 0)
    sampler = Sampler(patients, [1, 2], recipe, kept_prior(tmp_path, 0), kept_recipe(tmp_path))
    batch = sampler.draw(generator(1))
    assert batch.images.shape == (32, 20, 48, 48) and batch.prior.shape == (32, 2, 48, 48)
    assert not (batch.target * batch.availability).any(), "a source is no target"
    assert float(batch.clean.abs().max()) <= LIMIT
    assert len(batch.target.argmax(1).unique()) == len(CONTRASTS)
    learned = batch.weight > 0
    assert bool(learned.flatten(1).any(1).all())
    # little noise: the noisy residual is the clean one
    little = batch.signal[:, 0] > 0.97
    off = (batch.noisy - batch.clean)[little][learned[little]]
    assert little.any() and float(off.std()) < 0.35
    # no enhancement is learned
    enhanced = batch.target[:, T1CE] > 0
    truth = batch.prior[:, :1] + deviation(batch.prior[:, 1:]) * batch.clean
    assert enhanced.any() and float(truth[enhanced][learned[enhanced]].max()) < 0.9
    assert channel(T1CE, False) == len(CONTRASTS) and channel(T1CE, True) == T1CE and channel(T2, False) == T2


def test_the_loss_learns_the_brain_alone(patients: Patients, prior_run: Path, tmp_path: Path) -> None:
    keep_prior(prior_run, tmp_path, 0)
    prior = kept_prior(tmp_path, 0)
    batch = Sampler(patients, [0], TINY, prior, kept_recipe(tmp_path)).draw(generator(2))
    residual = torch.zeros_like(batch.clean)
    before = float(loss_of(residual, batch))
    outside = batch.weight == 0
    assert outside.any() and before > 0
    assert float(loss_of(torch.where(outside, 1.0, residual), batch)) == before
    assert float(loss_of(batch.clean, batch)) == 0


@long
def test_a_training_beats_its_prior_and_needs_its_run_no_more(
    patients: Patients, prior_run: Path, tmp_path: Path
) -> None:
    train(replace(TINY, steps=60), patients, tmp_path, prior_run, [0])
    assert weights_file(tmp_path, name_of(0)).exists()
    prior, levels = kept_prior(tmp_path, 0), noise_levels(tmp_path, 0)
    slabs = patient_slabs(prior, levels, patients, 0, SOURCES, T1CE, enhancement=False)
    depth = patients.records[0].depth
    brain = torch.cat([s.brain for s in slabs])[:, 0]
    noise = torch.randn(2, depth, *brain.shape[1:], generator=generator())
    image, spread = refined(trained(tmp_path, 0), slabs, noise, Sampling(paths=2, steps=2, cascades=1))
    truth = patients.images[0, T1CE, patients.records[0].slices]
    prior = torch.cat([s.prior[:, 0] for s in slabs])
    errors = [float((v - (truth.float() - 1) / 199)[brain].abs().mean()) for v in (image, prior)]
    assert errors[0] < 0.8 * errors[1]
    assert not image[~brain].any() and not spread[~brain].any() and float(image.max()) <= CEILING
    assert float(spread[brain].mean()) > 0
    with pytest.raises(FileNotFoundError, match="fold-2"):
        trained(tmp_path, 2)
    with pytest.raises(FileNotFoundError, match="member-1"):
        train(TINY, patients, tmp_path, prior_run, [1])


def test_the_middle_slice_is_the_one_that_is_sharpened() -> None:
    network = random_network()
    images, availability, prior, target = inputs(1)
    noisy, half = torch.zeros(1, 1, 16, 16), torch.full((1, 1), 0.5)
    assert images[:, NEIGHBOURS::SLICES].shape[1] == len(CONTRASTS)
    found = network(images, availability, prior, noisy, target, half, half)
    assert found.shape == (1, 1, 16, 16) and bool(found.any())
    other = network(images, availability, prior, noisy, torch.eye(4)[[T2]], half, half)
    assert not torch.equal(found, other), "the target tells what is wanted"
    noisier = network(images, availability, prior, noisy, target, half, 2 * half)
    assert not torch.equal(found, noisier), "the noise level tells how much texture"


@long
def test_networks_are_scored_beside_their_prior(patients: Patients, prior_run: Path, tmp_path: Path) -> None:
    keep_prior(prior_run, tmp_path, 0)
    TINY.write(tmp_path / "recipe.json")
    save_half(RefineNet(TINY), weights_file(tmp_path, name_of(0)))
    fit_noise_levels(patients, [1, 2]).write(levels_file(tmp_path, 0))
    text = evaluate(patients, tmp_path, 1, [0], Sampling(paths=2, steps=2), slices=10)
    rows = json.loads((tmp_path / "evaluation.json").read_text())["rows"]
    assert [row["result"] for row in rows] == ["prior", "cmdm"] * 4
    assert {row["target"] for row in rows} == {"t1", "t1ce without enhancement", "t2", "flair"}
    before, after = rows[:2]
    # an untrained network is its prior, and no path differs from another
    assert before["psnr"] == pytest.approx(after["psnr"]) and "rank" not in after and "rank" in before
    assert "false_ml" in rows[2] and "lesion_bias" in rows[0]
    assert "0.00 (0.00 to 0.00) dB, paired" in text and (tmp_path / "evaluation.md").exists()
    ways = [Sampling(paths=1, steps=2), Sampling(paths=2, steps=2)]
    text = compare(patients, tmp_path, 1, [0], ways, slices=10)
    assert "paths: 1, steps: 2 from 600, cascades: 2" in text
    with pytest.raises(FileNotFoundError, match="fold-1"):
        evaluate(patients, tmp_path, 1, [1], ways[0], slices=10)


def test_the_slices_are_those_around_the_largest_lesion() -> None:
    labels = np.zeros((20, 4, 4), np.uint8)
    assert window(labels, None) == slice(0, 20) and window(labels, 30) == slice(0, 20)
    assert window(labels, 4) == slice(8, 12)
    labels[17, :2] = 1
    assert window(labels, 4) == slice(15, 19) and window(labels, 10) == slice(10, 20)
