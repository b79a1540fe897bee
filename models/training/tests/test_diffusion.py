"""Low-resolution residuals, masked autoencoders, diffusion and Gaussian head: on synthetic numbers,
without patients or weights.
"""

from __future__ import annotations

import math
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch
from torch import Tensor

from synthesis import ENHANCING, T1CE
from synthesis.common import sampler
from synthesis.common.prediction import Prediction
from synthesis.common.training import Schedule
from synthesis.data.patients import BRAIN, Patients, Record, intensity
from synthesis.methods.cdm import (
    crps,
    diffusion,
    gaussian,
    latent_batches,
    latent_files,
    latents,
    lowres,
    mrm,
    residuals,
    stages,
    train_mdn,
    train_mrm,
)
from synthesis.methods.cdm.gaussian import GaussianHead
from synthesis.methods.cdm.latent_batches import draw_batch, measure, whole, window
from synthesis.methods.cdm.latents import LatentCase, build_case
from synthesis.methods.cdm.mdn import Mdn

torch.set_num_threads(1)

CPU = torch.device("cpu")


def generator(seed: int = 0) -> torch.Generator:
    return torch.Generator().manual_seed(seed)


def record(**more: object) -> Record:
    fields: dict[str, object] = {
        "id": "phantom",
        "split": "train",
        "group": "phantom",
        "fold": 0,
        "first": 0,
        "depth": 22,
        "slice_spacing": 1.0,
        "present": (True,) * 4,
        "target": (True,) * 4,
        "segmented": True,
        "transforms": ((1.0,) * 12,) * 4,
        "anchors": ((0.5, 0.1),) * 4,
    }
    return Record(**{**fields, **more})  # type: ignore[arg-type]


def ball(depth: int, side: int) -> Tensor:
    """A round brain [depth, side, side]"""
    z, y, x = torch.meshgrid(torch.arange(depth), torch.arange(side), torch.arange(side), indexing="ij")
    return ((z - depth / 2) / (depth / 2)) ** 2 + ((y - side / 2) ** 2 + (x - side / 2) ** 2) / (
        0.42 * side
    ) ** 2 < 1


def waves(depth: int, side: int, period: float) -> Tensor:
    z, y, x = torch.meshgrid(torch.arange(depth), torch.arange(side), torch.arange(side), indexing="ij")
    return torch.sin(2 * math.pi * x / period) * torch.cos(2 * math.pi * y / period) + torch.sin(
        2 * math.pi * z / period
    )


# low resolution


def test_cells_are_means_over_the_brain() -> None:
    brain = ball(22, 48)
    volume = torch.randn(22, 48, 48, generator=generator())
    cells, share = lowres.average(volume, brain), lowres.coverage(brain)
    assert cells.shape == (6, 6, 6) and lowres.key_slices(22) == [2, 6, 10, 14, 18, 21]
    inside = brain[8:12, 16:24, 16:24]
    assert cells[2, 2, 2] == pytest.approx(float(volume[8:12, 16:24, 16:24][inside].mean()), abs=1e-5)
    assert float(share.sum()) * 256 == pytest.approx(float(brain.sum()))
    assert (cells[share < lowres.ENOUGH] == 0).all()


def test_upsampling_gives_a_smooth_volume_back() -> None:
    brain = ball(32, 96)
    volume = waves(32, 96, 64)
    valid = lowres.valid_cells(lowres.coverage(brain))
    back = lowres.upsample(lowres.average(volume, brain), valid, 32)
    assert (back - volume)[brain].square().mean() < 0.02 * volume[brain].square().mean()


def test_upsampling_weights_sum_to_one_and_keep_block_means() -> None:
    valid = torch.ones(5, 6, 6, dtype=torch.bool)
    valid[:, :2] = False
    constant = lowres.upsample(torch.ones(2, 5, 6, 6), valid, 18)
    assert constant.shape == (2, 18, 48, 48)
    assert torch.allclose(constant[:, :, 16:], torch.ones(()), atol=1e-5)
    cells = torch.randn(5, 6, 6, generator=generator())
    everywhere = torch.ones_like(cells, dtype=torch.bool)
    again = lowres.pool(lowres.upsample(cells, everywhere, 20))
    assert (again - cells)[1:-1, 1:-1, 1:-1].square().mean() < 0.12 * cells.square().mean()


# latents


def phantom_case(**more: object) -> tuple[LatentCase, dict[str, Tensor]]:
    brain = ball(22, 48)
    truth = torch.stack([0.5 + 0.1 * waves(22, 48, 30 + 5 * c) for c in range(4)]) * brain
    labels = torch.zeros(22, 48, 48, dtype=torch.uint8)
    labels[8:16, 16:32, 16:32] = ENHANCING
    lesion = torch.zeros(5, 22, 48, 48)
    lesion[0] = 1
    volumes = {
        "truth": truth,
        "images": truth,
        "brain": brain,
        "labels": labels,
        "mean": truth - 0.03 * waves(22, 48, 40),
        "scale": torch.full_like(truth, 0.05),
        "lesion": lesion,
        "features": torch.randn(6, 7, 6, 6, generator=generator()),
        "tokens": torch.randn(6, 64, 6, 6, generator=generator(1)),
    }
    return build_case(record(**more), (0, 2, 3), **volumes), volumes


def test_a_case_holds_the_residual_in_units_of_the_expected_error() -> None:
    case, v = phantom_case(target=(True, True, False, True))
    assert case.targets == (T1CE,)
    valid = case.valid[:, 0]
    expected = lowres.average(v["truth"][T1CE] - v["mean"][T1CE], v["brain"]) / 0.05
    assert torch.allclose(case.residual[:, T1CE].float()[valid], expected[valid], atol=4e-3)
    assert (case.residual[:, 0] == 0).all() and (case.images[:, T1CE] == 0).all()
    assert float(case.enhancing.max()) == pytest.approx(4)
    assert case.gain[T1CE] > 3 and case.gain[T1CE] > 0.8 * case.ceiling[T1CE] > 0 and case.error[T1CE] > 0
    with pytest.raises(ValueError, match="5.0 mm apart"):
        phantom_case(slice_spacing=5.0)


def test_the_image_of_the_true_latent_is_nearer_to_the_truth() -> None:
    case, v = phantom_case()
    image = latents.image_of_sample(
        v["mean"][T1CE], case.scale[:, T1CE], case.residual[:, T1CE], case.valid[:, 0]
    )
    before, after = ((x - v["truth"][T1CE])[v["brain"]].square().mean() for x in (v["mean"][T1CE], image))
    assert after < 0.3 * before


def test_cases_survive_a_file(tmp_path: Path) -> None:
    case, _ = phantom_case()
    files = latent_files.save_cases([case, replace(case, patient="other", segmented=False)], tmp_path / "oof")
    assert [f.name for f in files] == ["oof-00.npz"] and files[0].stat().st_size < 100_000
    again, other = latent_files.load_cases(tmp_path / "oof")
    assert (again.patient, again.sources, again.targets, other.patient) == (
        case.patient,
        case.sources,
        case.targets,
        "other",
    )
    for name in ("residual", "scale"):
        kept = getattr(case, name)[:, list(case.targets)] * case.valid
        assert torch.allclose(getattr(again, name)[:, list(case.targets)].float(), kept.float(), atol=1e-3)
    assert torch.allclose(again.features.float(), case.features.float(), atol=0.02)
    assert torch.allclose(again.images.float(), case.images.float(), atol=0.005)
    assert (other.enhancing == 0).all() and (again.tokens == 0).all()
    with pytest.raises(FileNotFoundError, match="no latents"):
        latent_files.load_cases(tmp_path / "missing")


def test_projection_whitens() -> None:
    mixing = torch.randn(4, 12, generator=generator())
    values = torch.randn(3000, 4, generator=generator(1)) @ mixing + 3
    projected = residuals.fit_projection(values, 4)(values[:, :, None, None])[:, :, 0, 0]
    assert torch.allclose(torch.cov(projected.T), torch.eye(4), atol=0.05)
    assert projected.mean(0).abs().max() < 0.05


# masked autoencoders


def test_masked_autoencoder_ignores_what_is_hidden_and_is_small() -> None:
    torch.manual_seed(0)
    model = mrm.Mrm()
    assert 80_000 < sum(p.numel() for p in model.parameters()) < 150_000
    image = torch.rand(2, 1, 48, 48, generator=generator())
    visible = mrm.draw_visible(generator(), (2, 6, 6))
    assert visible.sum((1, 2, 3)).tolist() == [9, 9]
    hidden = torch.nn.functional.interpolate(1 - visible, scale_factor=8.0) > 0
    for block in model.modules():
        if isinstance(block, mrm.Mixer):
            torch.nn.init.normal_(block.pointwise[2].weight, std=0.1)  # type: ignore[arg-type]
    changed = torch.where(hidden, torch.rand(image.shape, generator=generator(5)), image)
    assert torch.allclose(model(image, visible), model(changed, visible), atol=1e-5)
    assert torch.equal(mrm.patches(image)[0, :8, 0, 0], image[0, 0, 0, :8])


def phantom_patients() -> Patients:
    brain = ball(16, 48)
    codes = (
        torch.stack([(1 + 199 * (0.5 + 0.2 * waves(16, 48, 20 + 4 * c))).clamp(1, 255) for c in range(4)])
        * brain
    )
    images = torch.nn.functional.pad(codes, (0, 0, 0, 0, 4, 4)).to(torch.uint8)
    labels = torch.nn.functional.pad(brain, (0, 0, 0, 0, 4, 4)).to(torch.uint8) * BRAIN
    return Patients((record(first=4, depth=16),), images[None], labels[None])


def test_training_the_masked_autoencoders(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(train_mrm, "BATCH", 8)
    patients = phantom_patients()
    tokenizer = train_mrm.train_mrm(patients, tmp_path, Schedule(2e-3, steps=12), CPU)
    tokens = train_mrm.tokens_of(tokenizer, patients, 0, (0, 3))
    assert tokens.shape == (4, 64, 6, 6)
    assert (tokens[:, 16:48] == 0).all() and 0.2 < float(tokens[:, :16].std()) < 3


def test_a_case_from_a_prediction_of_a_patient() -> None:
    patients = phantom_patients()
    truth = intensity(patients.images[0][:, 4:20])
    prediction = Prediction(
        truth.new_full((5, 16, 48, 48), 0.5),
        truth.new_full((5, 16, 48, 48), 0.1),
        torch.full((5, 16, 48, 48), 0.2),
    )
    case = residuals.latent_case(
        patients, 0, (0, 2), prediction, torch.randn(16, 7, 6, 6, generator=generator()), mrm.Tokenizer()
    )
    assert (
        case.targets == (1, 3) and case.features.shape == (4, 7, 6, 6) and case.tokens.shape == (4, 64, 6, 6)
    )
    brain = patients.labels[0, 4:20] >= BRAIN
    cells = lowres.average(truth[3] - 0.5, brain) / 0.1
    assert torch.allclose(case.residual[:, 3].float(), cells.clamp(-4, 4), atol=0.01)


# diffusion


def test_noise_is_correlated_along_z() -> None:
    rho = diffusion.correlation_along_z(10.0)
    noise = diffusion.correlated_noise(torch.randn(400, 6, 50, generator=generator()), rho)
    assert float(noise.var()) == pytest.approx(1, abs=0.02)
    assert float((noise[:, 1:] * noise[:, :-1]).mean()) == pytest.approx(math.exp(-0.4), abs=0.02)
    assert float((noise[:, 3:] * noise[:, :-3]).mean()) == pytest.approx(rho**3, abs=0.02)


@pytest.mark.parametrize("deviation", [1.0, 0.5, 0.2])
def test_the_sampler_keeps_the_spread_of_a_gaussian(deviation: float) -> None:
    bars = sampler.alpha_bars()

    def denoise(x: Tensor, t: int) -> Tensor:
        a, variance = float(bars[t]), deviation**2
        return variance * math.sqrt(a) / (variance * a + 1 - a) * x

    found = sampler.sample(denoise, torch.ones(1), sampler.sampler_timesteps())
    assert float(found) / deviation == pytest.approx(1, abs=0.05)


def test_loss_weight_and_schedule() -> None:
    bars = sampler.alpha_bars()
    assert bars[0] > 0.999 and bars[-1] < 1e-5 and (bars.diff() < 0).all()
    assert diffusion.loss_weight(torch.tensor([0.999, 0.5])).tolist() == [5.0, 1.0]


# synthetic latents: y = +-0.8 for a whole patient, which no input predicts, and a little noise


def coin_case(index: int, fold: int, keys: int = 4, side: int = 8) -> LatentCase:
    random = generator(1000 + index)
    sign = 1.0 if index % 2 else -1.0
    residual = torch.zeros(keys, 4, side, side)
    residual[:, T1CE] = 0.8 * sign + 0.15 * torch.randn(keys, side, side, generator=random)
    share = torch.ones(keys, 1, side, side)
    share[:, :, :, 0] = 0
    empty = torch.zeros(keys, 4, side, side).half()
    scale = torch.full((keys, 4, side, side), 0.1)
    return LatentCase(
        f"p{index}",
        fold,
        (0, 2, 3),
        (T1CE,),
        False,
        share.half(),
        (residual * (share > 0)).half(),
        empty[:, :1],
        empty + 0.5,
        scale.half(),
        scale.half(),
        empty + 0.5,
        empty,
        torch.zeros(keys, 3, side, side).half(),
        torch.zeros(keys, 64, side, side).half(),
        (0.01,) * 4,
        (3.0,) * 4,
        (3.2,) * 4,
    )


def test_measured_statistics() -> None:
    found = measure([coin_case(i, 0) for i in range(8)])
    assert found.spread[T1CE][0] == pytest.approx(0.814, abs=0.02)
    assert 0.64 / (0.64 + 0.15**2) == pytest.approx(diffusion.correlation_along_z(found.length), abs=0.01)


def test_padding_changes_nothing_and_volumes_do_not_mix() -> None:
    torch.manual_seed(0)
    cases = [coin_case(i, 0) for i in range(2)]
    model = Mdn(3, measure(cases))
    assert 150_000 < sum(p.numel() for p in model.parameters()) < 250_000
    for p in model.parameters():
        torch.nn.init.normal_(p, std=0.1)
    batch, padded = whole(cases[0], T1CE, CPU), window(cases[0], T1CE, 0, 7, CPU)
    noisy = torch.randn(4, 2, 8, 8, generator=generator()) * batch.valid
    time = diffusion.embed_time(torch.tensor([500]))
    alone = model(noisy, time, batch)
    longer = model(torch.cat([noisy, torch.zeros(3, 2, 8, 8)]), time, padded)
    assert torch.allclose(alone, longer[:4], atol=1e-4) and (longer[4:] == 0).all()
    both = draw_batch(cases, generator(), 2, 4, CPU)
    second = model(
        torch.cat([-noisy, noisy]),
        time.repeat(2, 1),
        replace(
            both,
            **{
                name: torch.cat([getattr(batch, name)] * 2)
                for name in latent_batches.Batch.__dataclass_fields__
            },
        ),
    )[4:]
    assert torch.allclose(alone, second, atol=1e-4)


def test_gaussian_likelihood_is_that_of_the_full_covariance() -> None:
    keys, numbers, rank, rho = 3, 5, 2, 0.6
    difference, log_diagonal = (torch.randn(1, keys, numbers, generator=generator(i)) for i in (0, 1))
    factors = torch.randn(1, keys, numbers, rank, generator=generator(2))
    mask = torch.ones(1, keys, numbers)
    mask[0, 1, 3:] = 0
    difference, factors = difference * mask, factors * mask.unsqueeze(-1)
    found = gaussian.negative_log_likelihood(difference, log_diagonal, factors, mask, rho)
    correlation = rho ** (torch.arange(keys)[:, None] - torch.arange(keys)).abs().float()
    covariance = torch.einsum("knr,lmr,kl->knlm", factors[0], factors[0], correlation).reshape(
        keys * numbers, -1
    )
    covariance = covariance + torch.diag(log_diagonal.exp().flatten())
    known = mask.flatten() > 0
    full = torch.distributions.MultivariateNormal(torch.zeros(int(known.sum())), covariance[known][:, known])
    expected = full.log_prob(difference.flatten()[known])  # type: ignore[no-untyped-call]
    assert float(found) == pytest.approx(-float(expected), rel=1e-4)


def test_crps_is_the_known_one_of_a_gaussian() -> None:
    samples = torch.randn(8, 40_000, generator=generator())
    found = float(crps.crps(samples, torch.full((40_000,), 1.0)).mean())
    phi = math.exp(-0.5) / math.sqrt(2 * math.pi)
    assert found == pytest.approx(math.erf(1 / math.sqrt(2)) + 2 * phi - 1 / math.sqrt(math.pi), abs=0.01)
    truth = torch.randn(40_000, generator=generator(1))
    expected, actual = crps.spread_and_skill(samples, truth)
    assert math.sqrt(expected / actual) == pytest.approx(1, abs=0.02)
    assert crps.covered(samples, truth) == pytest.approx(crps.nominal_coverage(8), abs=0.01)


def test_gain_of_the_true_residual_in_equal_blocks() -> None:
    residual = torch.tensor([0.1, -0.1])
    assert crps.gain_of_mean(residual, residual, torch.ones(2), 0.02) == pytest.approx(10 * math.log10(2))
    assert crps.gain_of_mean(residual, 2 * residual, torch.ones(2), 0.02) == pytest.approx(0)


def test_diffusion_beats_the_gaussian_head_where_there_are_two_hypotheses(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(train_mdn, "KEYS", 2)
    cases = [coin_case(i, i // 2 % 2, 2, 4) for i in range(64)]
    learned = [case for case in cases if case.fold == 0]
    diffusions = {1: train_mdn.train_mdn(learned, tmp_path, Schedule(4e-3, steps=130), CPU)}
    gaussians = {1: train_mdn.train_gaussian(learned, tmp_path, Schedule(4e-3, steps=70), CPU)}
    comparison = train_mdn.choose(cases, diffusions, gaussians, tmp_path, CPU)
    found = comparison["targets"]["t1ce"]  # type: ignore[index]
    assert found["diffusion"]["crps"] < 0.95 * found["gaussian"]["crps"] < found["none"]["crps"]
    for method in ("diffusion", "gaussian"):
        assert 0.75 < found[method]["spread_skill8"] < 1.35
    assert (tmp_path / "comparison.json").exists() and "| t1ce | diffusion |" in (
        tmp_path / "comparison.md"
    ).read_text()
    samples = diffusions[1].samples(whole(cases[0], T1CE, CPU), 12, 3)
    assert torch.equal(samples, diffusions[1].samples(whole(cases[0], T1CE, CPU), 12, 3))
    levels = samples[:, :, 0, :, 1:].mean((1, 2, 3)).numpy()
    assert np.ptp(levels) > 1 and np.median(np.abs(levels)) > 0.5


def test_cases_of_one_fold_are_halved_by_person() -> None:
    cases = [coin_case(i, 2, 2, 4) for i in range(12)]
    groups = {case.patient: f"person {i // 2}" for i, case in enumerate(cases)}
    halved = [case.fold for case in stages.in_two_folds(cases, groups)]
    assert set(halved) == {0, 1}
    assert halved[::2] == halved[1::2]
    several = [coin_case(i, i % 3, 2, 4) for i in range(6)]
    assert stages.in_two_folds(several, groups) == several


def test_cross_fitting_leaves_each_fold_out(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(train_mdn, "KEYS", 2)
    cases = [coin_case(i, i % 2, 2, 4) for i in range(4)]
    networks = train_mdn.cross_fit(
        train_mdn.train_gaussian, cases, tmp_path, Schedule(1e-3, steps=2), CPU, name="gaussian"
    )
    assert sorted(networks) == [0, 1] and isinstance(networks[0], GaussianHead)
    assert (tmp_path / "gaussian-fold1.pt").exists()
    with pytest.raises(ValueError, match="at least two folds"):
        train_mdn.cross_fit(
            train_mdn.train_gaussian, cases[::2], tmp_path, Schedule(1e-3, steps=2), CPU, name="gaussian"
        )
