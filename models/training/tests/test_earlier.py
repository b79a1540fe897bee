"""Small, fast tests on synthetic numbers: no patient data, no trained weights."""

from __future__ import annotations

import io
import json
import lzma
import re
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch
from long import long

from synthesis.common.bundle import SELF_TEST_SEED, open_network, self_test_inputs, self_test_outputs
from synthesis.common.conv_norm import fuse
from synthesis.common.half_weights import round_weights
from synthesis.common.noise import noise_maps, uniforms
from synthesis.common.step_training import fit, load_average
from synthesis.methods.cdm.earlier import (
    CEILING,
    CONTRASTS,
    card,
    data,
    lesions,
    metrics,
    nifti,
    spread,
    tissue,
    uncertainty,
)
from synthesis.methods.cdm.earlier.adopt import TYPICAL_ERROR, unconditioned_decoder
from synthesis.methods.cdm.earlier.augment import (
    geometry,
    intensity_tables,
    plain_table,
    shading,
    slice_profiles,
    warp,
)
from synthesis.methods.cdm.earlier.batches import draw_batch, moments, typical_moments
from synthesis.methods.cdm.earlier.config import Config
from synthesis.methods.cdm.earlier.cross_validation import cross_validation
from synthesis.methods.cdm.earlier.cunet import CUNet
from synthesis.methods.cdm.earlier.diffusion import alpha_bar, ddim, ddim_timesteps, embed_time
from synthesis.methods.cdm.earlier.engine import REPOSITORY, Stack, synthesize
from synthesis.methods.cdm.earlier.evaluate import evaluate
from synthesis.methods.cdm.earlier.evaluation import Evaluation
from synthesis.methods.cdm.earlier.export import export
from synthesis.methods.cdm.earlier.fixture import write_fixture
from synthesis.methods.cdm.earlier.losses import image_loss
from synthesis.methods.cdm.earlier.mdn import Mdn
from synthesis.methods.cdm.earlier.mix import Mix, fit_mix, identity_mix, load_mix
from synthesis.methods.cdm.earlier.mrm import Mrm
from synthesis.methods.cdm.earlier.pipeline import Bundle
from synthesis.methods.cdm.earlier.thickness import thick
from synthesis.methods.cdm.earlier.train_cunet import train_cunet
from synthesis.methods.cdm.earlier.train_mdn import train_mdn
from synthesis.methods.cdm.earlier.train_mrm import train_mrm
from synthesis.methods.cdm.earlier.train_unet import members_patients, train_unet, unet_file
from synthesis.methods.cdm.earlier.unet import UNet

torch.set_num_threads(1)

CONFIGS = Path(__file__).parent.parent / "configs"
BUNDLES = Path(__file__).parents[2] / "bundles"


@pytest.fixture(scope="module")
def config() -> Config:
    tiny = Config.read(CONFIGS / "cdm-tiny")

    def short(stage, **more):
        return replace(
            stage,
            **more,
            **(
                {"phases": tuple(replace(p, steps=2, batch=2) for p in stage.phases)}
                if hasattr(stage, "phases")
                else {"steps": 2, "batch": 2}
            ),
        )

    return replace(
        tiny,
        calibrated=["flair"],
        mrm=short(tiny.mrm),
        mdn=short(tiny.mdn),
        unet=short(tiny.unet),
        cunet=short(tiny.cunet),
    )


def phantom(seed: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """-> code [4, Z, Y, X], brain and labels of an ellipsoid with white matter, ventricles and a lesion,
    another one for each seed"""
    rng = np.random.default_rng(seed)
    z, y, x = np.ogrid[-1:1:48j, -1:1:192j, -1:1:192j]
    brain = x**2 + y**2 + z**2 / 2 < 0.5
    white = (x**2 + y**2 + z**2 / 2 < 0.3) & brain
    lesion = (x - 0.3) ** 2 + (y - rng.uniform(-0.2, 0.2)) ** 2 + z**2 / 2 < 0.02
    # grey matter, white matter, lesion
    intensities = ((90, 150, 60), (90, 150, 220), (120, 80, 200), (120, 90, 190))
    image = np.stack(
        [
            np.where(lesion, c, np.where(white, b, a)) + rng.normal(0, 4, brain.shape)
            for a, b, c in intensities
        ]
    )
    return (image.clip(1, 255) * brain).astype(np.uint8), brain, np.uint8(3) * lesion


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Synthetic patients in the format of the training archive: four to train, one to validate, one that
    lacks a contrast."""
    folder = tmp_path_factory.mktemp("archive")
    split = {"train": ["a", "b", "c", "d"], "val": ["e"], "extra": ["f"]}
    for seed, (part, name) in enumerate((part, name) for part, names in split.items() for name in names):
        image, brain, labels = phantom(seed)
        buffer = io.BytesIO()
        np.savez(buffer, img=image, brain=np.packbits(brain, axis=-1), seg=labels)
        (folder / part).mkdir(exist_ok=True)
        (folder / part / f"{name}.npz.xz").write_bytes(lzma.compress(buffer.getvalue(), preset=0))
    cases = {
        n: {"valid": [True, n != "f", True, True], "seg_known": n != "f"}
        for names in split.values()
        for n in names
    }
    (folder / "meta.json").write_text(json.dumps({"split": split, "cases": cases}))
    return folder


def test_noise_is_that_of_the_engine() -> None:
    expected = [0.011704753153026104, 0.06195825757458806, 0.97690763277933, 0.6990287057124078]
    assert uniforms(7, 4).tolist() == pytest.approx(expected, abs=1e-12)
    maps = noise_maps(7, 2, 144, 16)
    assert maps.shape == (2, 144, 16) and abs(maps.mean()) < 0.05 and abs(maps.std() - 1) < 0.05
    assert np.array_equal(noise_maps(7, 1, 144, 16)[0], maps[0])


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
    assert inside[0].tolist() == [[False, True], [True, True]] and coarse[0, 0].tolist() == [
        [0, 101],
        [101, 101],
    ]


def test_identity_crop_is_exact_and_a_mirrored_one_mirrors() -> None:
    image = torch.rand(1, 1, 32, 32)
    rng = np.random.default_rng(0)
    crop = warp(image, torch.from_numpy(geometry(rng, 32, 16, (8, 16), vary=False))[None], 16)
    assert torch.allclose(crop, image[:, :, 8:24, 16:32], atol=1e-5)


def test_perfect_prediction_costs_least() -> None:
    truth, brain, scale = torch.rand(1, 1, 16, 16), torch.ones(1, 1, 16, 16), torch.full((1, 1, 16, 16), 0.1)
    perfect, inverted = (float(image_loss(p, scale, truth, brain)) for p in (truth, 1 - truth))
    assert perfect == pytest.approx(0.02 * np.log(0.1), abs=1e-3) and inverted > 0.5
    honest = float(image_loss(truth + 0.1, scale, truth, brain))
    assert honest < float(image_loss(truth + 0.1, scale * 5, truth, brain)) and honest < float(
        image_loss(truth + 0.1, scale / 5, truth, brain)
    )


def test_scanners_share_what_they_do_to_t1_and_t1ce() -> None:
    rng = np.random.default_rng(0)
    for _ in range(50):
        as_source, as_target = intensity_tables(rng)
        assert (as_source[:, 0] == 0).all() and (np.diff(as_source[:, 1:]) >= -1e-6).all(), "a curve falls"
        assert np.array_equal(as_target[0], as_target[1]) and not np.array_equal(as_target[0], as_target[2])
    assert plain_table()[[1, 200]].tolist() == pytest.approx([0, 1])
    assert shading(rng, 2, 3, 16, 0.2).shape == (2, 3, 16, 16)
    slices = rng.random((3, 8, 8), np.float32)
    assert all(np.allclose(slice_profiles(rng, np.ones_like(slices)), 1) for _ in range(20))
    mean, std = moments(np.bincount([101, 101, 51, 151], minlength=256), plain_table())
    assert mean == pytest.approx(100 / 199) and std == pytest.approx(np.std([100, 100, 50, 150]) / 199)


def test_metrics_ignore_a_linear_change_of_scale() -> None:
    rng = np.random.default_rng(0)
    truth = rng.random((9, 24, 24))
    mask = np.zeros(truth.shape, bool)
    mask[:, 2:22, 2:22] = True
    good = metrics.compare(3 * truth + 5, truth, mask)
    assert good["psnr"] > 35 and good["ssim"] > 0.99 and good["r"] == pytest.approx(1)
    inverted = metrics.compare(-truth, truth, mask)
    assert inverted["r"] == pytest.approx(-1) and inverted["psnr"] == pytest.approx(
        metrics.compare(0 * truth, truth, mask)["psnr"]
    )


@pytest.mark.parametrize("name", ["cdm-tiny", "cdm-brain-mr"])
def test_networks_keep_the_contract(name: str) -> None:
    config = Config.read(CONFIGS / name)
    size, count, channels = config.grid.size, config.token_count, config.tokens.channels
    assert Mrm(config).encoder(torch.rand(1, 3, size, size)).shape == (1, count, channels)
    assert Mdn(config)(
        torch.rand(1, count, channels),
        torch.rand(1, config.mdn.embedding),
        torch.rand(1, count, 4 * channels),
        torch.rand(1, 4),
    ).shape == (1, count, channels)
    unet, cunet = UNet(config).eval(), CUNet(config).eval()
    cunet.start_from(unet)
    images, flags, target = torch.rand(1, 12, size, size), torch.ones(1, 4), torch.eye(4)[:1]
    with torch.no_grad():
        plain, scale = unet(images, flags, target)
        conditioned, _ = cunet(images, flags, torch.rand(1, count, channels), torch.ones(1, 1), target)
        half = size // 2
        part, _ = cunet(
            images[..., :half, :half],
            flags,
            torch.rand(1, count, channels),
            torch.ones(1, 1),
            target,
            torch.zeros(1, 2, dtype=int),
        )
    assert (
        plain.shape == scale.shape == (1, 1, size, size)
        and (scale > 0).all()
        and part.shape == (1, 1, half, half)
    )
    assert torch.allclose(plain, conditioned, atol=1e-5), "the C-UNet must start as the plain U-Net"


def test_the_mix_picks_the_row_of_target_and_sources() -> None:
    mix = identity_mix()
    mix[1, 0b1001] = (0.5, 0.4, 0, 0, 0.1, 0.25)  # T1ce from T1 and FLAIR
    prediction, centres, target = torch.rand(2, 1, 8, 8), torch.rand(2, 4, 8, 8), torch.eye(4)[[1, 1]]
    found = Mix(mix)(prediction, centres, target, torch.tensor([[1.0, 0, 0, 1], [1, 0, 1, 1]]))
    assert torch.allclose(
        found[0, 0], 0.5 * prediction[0, 0] + 0.4 * centres[0, 0] + 0.1 * centres[0, 3] + 0.25
    )
    assert torch.allclose(found[1], prediction[1])


def test_training_resumes_where_it_stopped(tmp_path: Path) -> None:
    def train(folder: Path, *stops: int | None) -> torch.Tensor:
        for stop in stops:
            torch.manual_seed(0)
            model = torch.nn.Linear(3, 1)
            average = fit(
                model,
                lambda rng, step: model(torch.from_numpy(rng.random((4, 3), np.float32))).square().mean(),
                steps=6,
                stop=stop,
                learning_rate=0.1,
                seed=1,
                checkpoint=folder / "model.pt",
            )
        return average.weight

    assert torch.equal(train(tmp_path / "once", None), train(tmp_path / "twice", 3, None))
    assert (tmp_path / "once" / "model.png").stat().st_size > 1000


def test_batches_hold_what_they_say(archive: Path, tmp_path: Path) -> None:
    config = replace(Config.read(CONFIGS / "cdm-tiny"), grid=Config.read(CONFIGS / "cdm-brain-mr").grid)
    patients = data.load(archive, "train", config.grid, tmp_path)
    assert [p.id for p in members_patients(config, patients, [], 0)] == ["b", "d"]
    b = draw_batch(
        np.random.default_rng(0),
        config,
        replace(config.unet.phases[0], crop=128, batch=8),
        patients,
        typical_moments(patients),
    )
    assert b.images.shape == (8, 12, 128, 128) and b.truth.shape == b.weight.shape == (8, 1, 128, 128)
    assert set(b.weight.unique().tolist()) >= {0.0, 1.0, 2.0}, "background, brain and lesion weigh 0, 1 and 2"
    for images, flags, target in zip(b.images, b.availability, b.target):
        present = images.unflatten(0, (4, 3)).amax((1, 2, 3)) > 0
        assert (present == flags.bool()).all() and not (flags * target).any(), (
            "absent contrasts are zeros, and the target is absent"
        )


def patient_of(seed: int) -> data.Patient:
    image, brain, labels = phantom(seed)
    codes = np.stack([np.bincount(c[brain], minlength=256) for c in image])
    return data.Patient(
        f"phantom{seed}",
        image,
        brain,
        labels,
        (0, 1, 2, 3),
        (0, 1, 2, 3),
        np.flatnonzero(brain.any((1, 2))),
        codes,
    )


def test_lesion_figures_of_a_perfect_and_of_a_blind_prediction() -> None:
    patient = patient_of(0)
    volumes, lesion = patient.volumes(), patient.lesion > 0
    perfect = lesions.measure_lesion(volumes[1], patient, 1)
    assert perfect["cnr_ratio"] == pytest.approx(1) and perfect["psnr"] > 30 and abs(perfect["bias"]) < 0.02
    assert (
        perfect["missed_ml"] < 0.2 * perfect["enhancing_ml"]
        and perfect["false_pieces"] == 0
        and perfect["pieces_missed"] == 0
    )
    blind = volumes[1] * ~lesion + volumes[0] * lesion
    found = lesions.measure_lesion(blind, patient, 1)
    assert (
        found["missed_ml"] > 0.9 * found["enhancing_ml"]
        and found["pieces_missed"] == found["pieces"] == 1
        and found["cnr_ratio"] < 0.1
    )


def test_a_lesion_is_filled_and_inserted() -> None:
    patient = patient_of(1)
    volumes, lesion = patient.volumes(), patient.lesion > 0
    filled, (inserted, there) = lesions.without_lesion(patient), lesions.with_second_lesion(patient)
    perfect = lesions.origin(volumes[2], filled.volumes[2], inserted.volumes[2], patient, there)
    assert perfect["lesion"] > 0.3 and abs(perfect["filled"]) < 0.03 and perfect["painted"] > 0.3
    assert (there & lesion).sum() == 0 and np.allclose(filled.volumes[:, ~patient.brain], 0)
    assert tissue.white_matter(volumes, patient.brain, lesion).sum() > 1000


def test_uncertainty_figures_of_a_perfect_spread() -> None:
    rng = np.random.default_rng(0)
    brain = np.ones((24, 32, 32), bool)
    scale = np.linspace(0.002, 0.02, brain.size).reshape(brain.shape)
    truth = rng.random(brain.shape).astype(np.float32)
    mean = truth + rng.laplace(0, scale)
    found = uncertainty.measure(
        mean, scale, 0 * scale, truth, rng.random((2, *brain.shape), np.float32), brain
    )
    assert found["spread_block"] > 0.9 and found["spread_voxel"] > 0.3 > abs(found["edges_voxel"])
    assert found["coverage_90"] == pytest.approx(0.9, abs=0.02) and found[
        "spread_variance_ratio"
    ] == pytest.approx(1, abs=0.15)
    assert uncertainty.band_factor(
        [(np.abs(rng.laplace(0, 2 * scale.ravel())), scale.ravel())]
    ) == pytest.approx(2, rel=0.05)


def test_the_band_covers_90_percent_if_all_contrasts_are_given() -> None:
    rng = np.random.default_rng(0)

    def case(patient: int, sources: int, times: float) -> spread.Case:
        known = rng.normal(0, 0.3, (len(spread.TERMS), 4000))
        return spread.Case(
            f"p{patient}", sources, known, np.abs(rng.laplace(0, times * np.exp(known[0] - 2))), 1.0
        )

    found = spread.fitted([case(p, *how) for p in range(8) for how in ((3, 1.0), (1, 3.0))])
    assert found["weights"]["scale"] == pytest.approx(1, abs=0.1) and found["weights"][
        "gradient"
    ] == pytest.approx(0, abs=0.1)
    assert found["factor"] == pytest.approx(np.exp(-2), rel=0.1)
    assert (
        found["coverage_90"]["3"]["mean"] == pytest.approx(0.9, abs=0.01)
        and found["coverage_90"]["1"]["mean"] < 0.6
    )


def test_thick_slices_blur_along_z_only() -> None:
    volumes = np.zeros((4, 12, 8, 8), np.float32)
    volumes[:, :, :, 4:] = 1
    volumes[:, 6] += 3
    stack = Stack("x", volumes, np.ones((12, 8, 8), bool))
    blurred = thick(stack, 3).volumes
    assert blurred[0, 6].max() < 3.5 and np.allclose(blurred[:, :3], volumes[:, :3])


def test_nifti_patients_are_read_in_any_orientation(tmp_path: Path) -> None:
    nibabel = pytest.importorskip("nibabel")
    brain = np.zeros((40, 50, 30), np.float32)  # i to the right, j to the front, k to the head
    brain[10:30, 10:40, 5:25] = 100
    brain[25:30, 35:40, 20:25] = 200  # right, front, top
    for name, affine in (("ras", np.eye(4)), ("lps", np.diag([-1, -1, 1, 1]))):
        folder = tmp_path / name / f"case-{name}"
        folder.mkdir(parents=True)
        stored = brain if name == "ras" else brain[::-1, ::-1]
        for suffix in ("t1n", "t2f"):
            nibabel.save(
                nibabel.Nifti1Image(stored, affine.astype(float)), folder / f"case-{name}-{suffix}.nii.gz"
            )
        patients = [*nifti.read_nifti(tmp_path / name, "train"), *nifti.read_nifti(tmp_path / name, "val")]
        assert [p.sources for p in patients] == [(0, 3)]
        image, mask, lesion = patients[0].arrays()
        assert image.shape == (4, 20, 192, 192) and lesion is None and mask.sum() == 20 * 30 * 20
        z, y, x = (v.mean() for v in np.nonzero(image[0] > 150))
        assert z > 12 and y < 95 and x < 95, (
            "bright corner: towards the head, anterior (small row), patient right (small column)"
        )
    with pytest.raises(ValueError, match="no patient folder"):
        list(nifti.read_nifti(tmp_path / "ras" / "case-ras", "train"))
    bad = tmp_path / "bad" / "case"
    bad.mkdir(parents=True)
    for suffix in ("t1", "t2"):
        nibabel.save(
            nibabel.Nifti1Image(brain, np.diag([2, 1, 1, 1]).astype(float)), bad / f"case_{suffix}.nii.gz"
        )
    with pytest.raises(ValueError, match="case_t1.nii.gz.*Resample to 1 mm"):
        for part in ("train", "val"):
            for patient in nifti.read_nifti(tmp_path / "bad", part):
                patient.arrays()


@pytest.mark.parametrize("name", ["cdm-tiny", "cdm-brain-mr"])
def test_shipped_card_says_what_the_figures_say(name: str) -> None:
    folder = BUNDLES / name
    manifest, file = json.loads((folder / "bundle.json").read_text()), folder / "evaluation.json"
    evaluation = json.loads(file.read_text()) if file.exists() else None
    text = card.card(manifest, evaluation)
    assert (folder / "MODEL_CARD.md").read_text() == text
    assert all((folder / chart).exists() for chart in re.findall(r"\((charts/[^)]+)\)", text))
    assert sum(f["bytes"] for files in manifest["files"].values() for f in files.values()) <= 75e6
    assert sum(f["bytes"] for f in manifest["files"]["fp16"].values()) <= 25e6


@long
def test_every_stage_from_archive_to_card(config: Config, archive: Path, tmp_path: Path) -> None:
    patients, extra = (
        data.load(archive, part, config.grid, tmp_path / "cache") for part in ("train", "extra")
    )
    assert [p.depth for p in patients] == [8] * 4 and [p.sources for p in extra] == [(0, 2, 3)]
    for member in range(config.folds):
        train_unet(config, patients, extra, tmp_path, member)
    train_mrm(config, patients + extra, tmp_path)
    train_mdn(config, patients, extra, tmp_path)
    for member in range(config.folds):
        train_cunet(config, patients, extra, tmp_path, member)
    train_cunet(config, patients, extra, tmp_path, 0, plain=True)
    fit_mix(config, patients, tmp_path)
    folder = tmp_path / config.id
    export(config, tmp_path, folder)
    manifest = json.loads((folder / "bundle.json").read_text())
    shapes = manifest["networks"]["cunet-decoder-1"]["inputs"]
    assert self_test_inputs(shapes, SELF_TEST_SEED)["certainty"].shape == (config.grid.slab, 1)
    half = self_test_outputs(open_network(folder, "cunet-decoder-1", "fp16"), shapes, SELF_TEST_SEED)
    for name, expected in manifest["self_test"]["networks"]["cunet-decoder-1"].items():
        assert half[name] == pytest.approx(expected, abs=manifest["self_test"]["tolerance"]["fp16"])
    bundle, patient = Bundle(folder), patients[0]
    for target in range(len(CONTRASTS)):
        for sources in data.subsets(data.others(target)):
            mean, spread = bundle.synthesize(
                patient.volumes(), patient.brain, sources, target, seed=1, samples=3
            )
            assert (
                np.isfinite(mean).all()
                and mean.min() >= 0
                and mean.max() <= CEILING
                and not mean[~patient.brain].any()
            )
            assert (spread[patient.brain] > 0).all() and not spread[~patient.brain].any()
    write_fixture(config, folder, tmp_path / "fixture")
    assert (tmp_path / "fixture" / "expected.f32").stat().st_size == 4 * 10 * config.grid.size**2
    if not (REPOSITORY / "node_modules").exists():
        pytest.skip("the evaluation runs in the TypeScript engine: npm ci first")
    evaluate(
        config,
        archive,
        tmp_path,
        folder,
        only=["tone", "targets", "spread", "ablation", "guidance", "uncertainty"],
    )
    check_cross_validation(replace(config, members=1), archive, tmp_path, folder)
    text = (folder / "MODEL_CARD.md").read_text()
    assert "Measured on 1 patients" in text and "plain U-Net" in text and "charts/ablation.svg" in text
    assert (tmp_path / "evaluation" / "figures" / "flair-e.png").stat().st_size > 1000


def check_cross_validation(config: Config, archive: Path, run: Path, bundle: Path) -> None:
    """Fold 0 has a member in the bundle, fold 1 only a plain U-Net."""
    e = Evaluation(config, archive, run, bundle, threads=1)
    lesion = [replace(p, lesion=np.uint8(3) * (np.asarray(p.image[2]) > 140)) for p in e.training]
    e.__dict__["training"] = [*lesion[:3], replace(lesion[3], lesion=None)]
    cases = cross_validation(e)
    assert [(p.id, synthesizer.name) for p, synthesizer in cases] == [
        ("a", "member 0"),
        ("b", "plain U-Net of fold 1"),
        ("c", "member 0"),
    ]
    jobs = [e.job(p, 0, **synthesizer.job) for p, synthesizer in cases]
    assert jobs[0].bundle == bundle and jobs[0].more["members"] == [0]
    [(_, result)] = synthesize(jobs[1:2], e.work)
    patient, z = cases[1][0], 4
    given = patient.volumes() * np.array([0, 1, 1, 1], np.float32)[:, None, None, None]
    images = torch.from_numpy(data.neighbourhood(given, z)).flatten(0, 1)[None]
    flags, target = torch.tensor([[0.0, 1, 1, 1]]), torch.eye(4)[:1]
    unet, mix = load_average(UNet(config), unet_file(run, 1)), Mix(load_mix(run))
    for shipped in (unet, mix):
        fuse(shipped)
        round_weights(shipped)
    with torch.no_grad():
        prediction, _ = unet(images, flags, target)
        expected = (
            mix(prediction, images[:, 1::3], target, flags)[0, 0].clamp(0, CEILING).numpy() * patient.brain[z]
        )
    assert np.allclose(result.mean[z], expected, atol=1e-4) and expected.std() > 0


def test_an_adopted_decoder_ignores_tokens(tmp_path: Path) -> None:
    import onnx
    import onnxruntime
    from onnx import TensorProto, helper

    shapes = {"f0": [2, 4, 8, 8], "tokens": [2, 3, 5], "target": [2, 4], "availability": [2, 4]}
    graph = helper.make_graph(
        [
            helper.make_node("ReduceMean", ["tokens"], ["hint"], keepdims=0),
            helper.make_node("ReduceMean", ["f0"], ["mean"], axes=[1]),
            helper.make_node("Add", ["mean", "hint"], ["prediction"]),
        ],
        "old",
        [helper.make_tensor_value_info(name, TensorProto.FLOAT, shape) for name, shape in shapes.items()],
        [helper.make_tensor_value_info("prediction", TensorProto.FLOAT, [2, 1, 8, 8])],
    )
    onnx.save(
        helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8),
        tmp_path / "old.onnx",
    )
    assert unconditioned_decoder(tmp_path / "old.onnx", tmp_path / "new.onnx") == {
        **shapes,
        "certainty": [2, 1],
    }
    rng = np.random.default_rng(0)
    feeds = {name: rng.random(shape, np.float32) for name, shape in {**shapes, "certainty": [2, 1]}.items()}
    prediction, scale = onnxruntime.InferenceSession(tmp_path / "new.onnx").run(None, feeds)
    assert np.allclose(prediction, feeds["f0"].mean(1, keepdims=True), atol=1e-6) and np.allclose(
        scale, TYPICAL_ERROR
    )
