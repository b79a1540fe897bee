"""Small, fast tests on synthetic numbers: no patient data, no trained weights."""
from __future__ import annotations

import io
import itertools
import json
import lzma
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch

from cdm_training import CEILING, CONTRASTS, data, metrics
from cdm_training.augment import geometry, warp
from cdm_training.config import Config
from cdm_training.cunet import AnchoredDecoder, CUNet
from cdm_training.diffusion import alpha_bar, ddim, ddim_timesteps, embed_time
from cdm_training.export import export
from cdm_training.fixture import write_fixture
from cdm_training.losses import image_loss
from cdm_training.mdn import Mdn
from cdm_training.mrm import Mrm
from cdm_training.noise import mulberry32, noise_maps
from cdm_training.pipeline import Bundle
from cdm_training.train_cunet import train_cunet
from cdm_training.train_mdn import train_mdn
from cdm_training.train_mrm import train_mrm
from cdm_training.training import fit

torch.set_num_threads(1)

CONFIGS = Path(__file__).parent.parent / "configs"


@pytest.fixture(scope="module")
def config() -> Config:
    tiny = Config.read(CONFIGS / "cdm-tiny.json")
    stages = tuple(replace(stage, steps=2, batch=2) for stage in tiny.cunet.stages)
    return replace(tiny, mrm=replace(tiny.mrm, steps=2, batch=2), mdn=replace(tiny.mdn, steps=2, batch=2),
                   cunet=replace(tiny.cunet, stages=stages))


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two made-up patients in the format of the training archive."""
    folder = tmp_path_factory.mktemp("archive")
    names = ["a", "b"]
    z, y, x = np.ogrid[-1:1:48j, -1:1:192j, -1:1:192j]
    brain = x ** 2 + y ** 2 + z ** 2 / 2 < 0.5
    image = np.stack([np.where(brain, 100 + 50 * np.cos((3 + c) * x * y), 0) for c in range(4)]).astype(np.uint8)
    (folder / "train").mkdir()
    for name in names:
        buffer = io.BytesIO()
        np.savez(buffer, img=image, brain=np.packbits(brain, axis=-1))
        (folder / "train" / f"{name}.npz.xz").write_bytes(lzma.compress(buffer.getvalue(), preset=0))
    (folder / "meta.json").write_text(json.dumps({"split": {"train": names}, "cases": {n: {"valid": [True] * 4} for n in names}}))
    return folder


def test_noise_is_that_of_the_engine() -> None:
    expected = [0.011704753153026104, 0.06195825757458806, 0.97690763277933, 0.6990287057124078]
    assert list(itertools.islice(mulberry32(7), 4)) == pytest.approx(expected, abs=1e-12)
    maps = noise_maps(7, 2, 144, 16)
    assert maps.shape == (2, 144, 16) and abs(maps.mean()) < 0.05 and abs(maps.std() - 1) < 0.05


def test_ddim_ends_on_the_prediction_of_a_perfect_denoiser() -> None:
    schedule, steps = alpha_bar(1000), ddim_timesteps(1000, 10)
    assert steps[0] == 999 and sorted(steps, reverse=True) == steps and np.all(np.diff(schedule) < 0)
    truth = np.linspace(-1, 1, 12)
    assert np.allclose(ddim(lambda x, t: truth, np.ones(12), steps, schedule[steps]), truth)
    assert embed_time(np.array([0]), 8).tolist() == [[1, 1, 1, 1, 0, 0, 0, 0]]


def test_tokens_between_key_slices() -> None:
    keys = data.key_slices(10, spacing=6, step_mm=12)
    assert keys.tolist() == [0, 2, 4, 6, 8, 9]
    values = data.between_keys(keys[:, None].astype(np.float32), keys, np.arange(10))
    assert np.allclose(values[:, 0], np.arange(10))
    assert data.between_keys(np.ones((1, 3)), np.array([0]), np.array([0])).tolist() == [[1, 1, 1]]


def test_intensity_code_and_block_average() -> None:
    x = np.array([0, 0.5, 1, 1.27])
    assert np.allclose(data.decode(data.encode(x, np.ones(4, bool))), x, atol=0.5 / 199)
    image, brain = np.full((4, 6, 12, 12), 101, np.uint8), np.ones((6, 12, 12), bool)
    brain[:, :6, :6] = False
    coarse, inside = data.block_average(image * brain, brain, 6)
    assert inside[0].tolist() == [[False, True], [True, True]] and coarse[0, 0].tolist() == [[0, 101], [101, 101]]


def test_identity_crop_is_exact_and_a_mirrored_one_mirrors() -> None:
    image = torch.rand(1, 1, 32, 32)
    rng = np.random.default_rng(0)
    crop = warp(image, torch.from_numpy(geometry(rng, 32, 16, (8, 16), vary=False))[None], 16)
    assert torch.allclose(crop, image[:, :, 8:24, 16:32], atol=1e-5)


def test_perfect_prediction_costs_nothing() -> None:
    truth, brain = torch.rand(1, 1, 16, 16), torch.ones(1, 1, 16, 16)
    assert float(image_loss(truth, truth, brain)) == pytest.approx(0, abs=1e-4)
    assert float(image_loss(1 - truth, truth, brain)) > 0.5


def test_metrics_ignore_a_linear_change_of_scale() -> None:
    rng = np.random.default_rng(0)
    truth = rng.random((9, 24, 24))
    mask = np.zeros(truth.shape, bool)
    mask[:, 2:22, 2:22] = True
    good = metrics.compare(3 * truth + 5, truth, mask)
    assert good["psnr"] > 35 and good["ssim"] > 0.99 and good["r"] == pytest.approx(1)
    inverted = metrics.compare(-truth, truth, mask)
    assert inverted["r"] == pytest.approx(-1) and inverted["psnr"] == pytest.approx(metrics.compare(0 * truth, truth, mask)["psnr"])


@pytest.mark.parametrize("name", ["cdm-tiny", "cdm-brain-mr"])
def test_networks_keep_the_contract(name: str) -> None:
    config = Config.read(CONFIGS / f"{name}.json")
    size, count, channels = config.grid.size, config.token_count, config.tokens.channels
    assert Mrm(config).encoder(torch.rand(1, 3, size, size)).shape == (1, count, channels)
    assert Mdn(config)(torch.rand(1, count, channels), torch.rand(1, config.mdn.embedding), torch.rand(1, count, 4 * channels),
                       torch.rand(1, 4)).shape == (1, count, channels)
    cunet = CUNet(config).eval()
    arguments = torch.rand(1, 12, size, size), torch.ones(1, 4), torch.rand(1, count, channels), torch.eye(4)[:1]
    with torch.no_grad():
        before = cunet(*arguments)
        cunet.fuse()
        with_anchor = AnchoredDecoder(cunet.decoder, config)(*cunet.encoder(*arguments[:2]), *arguments[2:], arguments[1])
        share = config.cunet.anchor.get("t1", {}).get("t1ce", 0.0)
        assert torch.allclose(with_anchor, (1 - share) * before + share * arguments[0][:, 4:5], atol=1e-4)
        assert before.shape == (1, 1, size, size) and torch.allclose(before, cunet(*arguments), atol=1e-4)


def test_training_resumes_where_it_stopped(tmp_path: Path) -> None:
    def train(folder: Path, *stops: int | None) -> torch.Tensor:
        for stop in stops:
            torch.manual_seed(0)
            model = torch.nn.Linear(3, 1)
            average = fit(model, lambda rng, step: model(torch.from_numpy(rng.random((4, 3), np.float32))).square().mean(),
                          steps=6, stop=stop, learning_rate=0.1, seed=1, checkpoint=folder / "model.pt")
        return average.weight

    assert torch.equal(train(tmp_path / "once", None), train(tmp_path / "twice", 3, None))


def test_every_stage_from_archive_to_fixture(config: Config, archive: Path, tmp_path: Path) -> None:
    patients = data.load(archive, "train", config, tmp_path / "cache")
    assert [p.depth for p in patients] == [8, 8]
    train_mrm(config, patients, tmp_path)
    train_mdn(config, patients, tmp_path)
    train_cunet(config, patients, tmp_path, until=1)
    train_cunet(config, patients, tmp_path)
    folder = tmp_path / config.id
    export(config, tmp_path, folder)
    bundle, patient = Bundle(folder), patients[0]
    volumes = np.stack([patient.volume(c) for c in range(4)])
    for target in range(len(CONTRASTS)):
        for sources in data.subsets(tuple(c for c in range(len(CONTRASTS)) if c != target)):
            result = bundle.synthesize(volumes, patient.brain, sources, target, seed=1, samples=1)
            assert np.isfinite(result).all() and result.min() >= 0 and result.max() <= CEILING and not result[~patient.brain].any()
    write_fixture(config, folder, tmp_path / "fixture")
    assert (tmp_path / "fixture" / "expected.f32").stat().st_size == 4 * 10 * config.grid.size ** 2
