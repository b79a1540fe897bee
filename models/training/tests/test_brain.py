"""Small, fast tests of the brain extraction on generated heads: no patient data, no trained weights."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from shutil import copyfile

import numpy as np
import pytest
import torch
from phantoms import write_archive
from scipy import ndimage

from synthesis.common.conv_norm import fuse
from synthesis.common.half_weights import round_weights
from synthesis.data.archive import read_archive
from synthesis.regions.brain.card import not_seen
from synthesis.regions.brain.config import Config
from synthesis.regions.brain.cross_validate import correct, predictor, score_heads, score_stripped, validate
from synthesis.regions.brain.data import Head, Stripped, person_of, read_thick, session_of, tissues
from synthesis.regions.brain.evaluate import evaluate, onnx_predictor
from synthesis.regions.brain.export import export
from synthesis.regions.brain.fit_surface import example, fit_surface
from synthesis.regions.brain.fixture import head_phantom, write_fixture
from synthesis.regions.brain.grid import canonical_grid, resample, to_canonical_grid
from synthesis.regions.brain.network import BrainNet
from synthesis.regions.brain.pipeline import (
    crop,
    dice,
    extract_brain,
    foreground,
    keep_all_if_stripped,
    mask_from_probability,
    normalize,
    planes,
    probability,
    uncrop,
)
from synthesis.regions.brain.surface import Surface, correct_surface
from synthesis.regions.brain.synthesis import LEVELS, Example, Synthesis
from synthesis.regions.brain.train import Pool, train

torch.set_num_threads(1)
CONFIG = Path(__file__).parent.parent / "configs" / "brain-extraction" / "brain.json"
SHAPE = (40, 84, 80)


@pytest.fixture(scope="module")
def config() -> Config:
    config = Config.read(CONFIG)
    return replace(
        config, training=replace(config.training, channels=(4, 4, 8, 8, 8), steps=2, batch=2, pool=2)
    )


def phantom_head(
    name: str, contrast: str, levels: tuple[float, float, float], training_only: bool = False
) -> Head:
    image = head_phantom(SHAPE, levels)
    brain = mask_from_probability((image > 1.2 * levels[1]) & (image < 0.95 * levels[2]))
    image /= 600
    return Head(
        name,
        person_of(name),
        contrast,
        np.diag([2.0, 2.0, 2.0, 1.0]),
        image,
        brain,
        tissues(image, brain),
        training_only=training_only,
    )


@pytest.fixture(scope="module")
def heads() -> list[Head]:
    return [
        phantom_head("openms-long-p01-s1-t1", "t1", (500, 20, 900)),
        phantom_head("openms-long-p01-s1-t2", "t2", (450, 30, 800)),
        phantom_head("colin27-t1", "t1", (550, 40, 950)),
    ]


@pytest.fixture(scope="module")
def stripped(heads: list[Head]) -> list[Stripped]:
    code = np.where(heads[0].brain, 150, 0).astype(np.uint8)
    return [Stripped("a", {"t1": code, "flair": code // 2}, heads[0].brain)]


def test_canonical_grid_turns_a_sagittal_series_to_left_back_head() -> None:
    # i to the foot, j to the back, k to the right; world is LPS
    affine = np.array([[0, 0, -3.0, 30], [0, 1.0, 0, -20], [-1.0, 0, 0, 25], [0, 0, 0, 1]])
    shape, grid = canonical_grid((10, 40, 50), affine, 2.0)
    assert shape == (25, 20, 15)
    np.testing.assert_allclose(grid[:3, :3], np.diag([2.0, 2.0, 2.0]))
    centre = affine @ [24.5, 19.5, 4.5, 1]
    np.testing.assert_allclose(grid @ [7, 9.5, 12, 1], centre)


def test_resampling_keeps_a_linear_ramp_and_is_empty_outside() -> None:
    k, j, i = np.indices((12, 24, 24))
    affine = np.diag([1.0, 1.0, 3.0, 1.0])
    made, grid = to_canonical_grid(i + 2.0 * j + 9 * k, affine, 2.0)
    z, y, x = np.array(made.shape) // 2
    world = grid @ [x, y, z, 1]
    assert made[z, y, x] == pytest.approx(world[0] + 2 * world[1] + 3 * world[2], abs=1e-3)
    far = grid.copy()
    far[0, 3] += 1000
    assert not resample(k + 1.0, affine, made.shape, far).any()


def test_scaling_ignores_the_unit_and_the_background(config: Config) -> None:
    head = head_phantom(SHAPE, (500, 20, 900))
    np.testing.assert_allclose(normalize(head, config.input), normalize(7 * head, config.input), rtol=1e-5)
    assert np.percentile(normalize(head, config.input)[foreground(head, config.input)], 98) == pytest.approx(
        1, abs=1e-3
    )


def test_uncrop_inverts_crop() -> None:
    volume = np.arange(2 * 5 * 9).reshape(2, 5, 9).astype(np.float32)
    for start in ((-2, -3), (1, 2), (0, 0)):
        back = uncrop(crop(volume, start, 8), start, volume.shape)
        seen = back != 0
        np.testing.assert_array_equal(back[seen], volume[seen])
    np.testing.assert_array_equal(uncrop(crop(volume, (-1, 0), 16), (-1, 0), volume.shape), volume)


def test_planes_replicate_the_ends() -> None:
    volume = np.arange(5)[:, None, None]
    assert planes(volume, np.array([0, 4]), (-2, 0, 1))[..., 0, 0].tolist() == [[0, 0, 1], [2, 4, 4]]


def test_a_perfect_network_gives_its_brain(config: Config, heads: list[Head]) -> None:
    def threshold(images: np.ndarray) -> np.ndarray:
        middle = images[:, [config.grid.planes.index(k) for k in range(config.grid.together)]]
        return ((middle > 0.3) & (middle < 0.85)).astype(np.float32)

    assert dice(extract_brain([heads[0].image], threshold, config), heads[0].brain) > 0.97


def test_a_stripped_brain_is_left_alone_with_its_holes_filled() -> None:
    shown = np.zeros((9, 19, 19), np.float32)
    shown[:, 2:17, 2:17] = 1
    shown[4, 9, 9] = 0
    brain = shown > 0
    brain[:, 2:5] = False
    assert keep_all_if_stripped(brain, brain * 1.0, [shown]).sum() == 9 * 15 * 15


@pytest.mark.parametrize(("scalp", "stripped"), [(0, True), (3, False)])
def test_a_brain_with_cysts_is_stripped_where_it_has_no_scalp(scalp: int, stripped: bool) -> None:
    z, y, x = np.meshgrid(*(np.arange(40) - 19.5,) * 3, indexing="ij")
    radius = np.sqrt(z * z + y * y + x * x)
    shown = np.where(radius < 14 + scalp, 1, 0).astype(np.float32)
    found = (radius < 14) & ((x < -2) | (x > 3))  # the network missed what lies between
    kept = keep_all_if_stripped(found, found * 0.6, [shown])
    assert kept.sum() == shown.sum() if stripped else kept is found


def test_a_head_that_fills_the_volume_is_not_stripped() -> None:
    found = np.ones((9, 9, 9), bool)
    assert keep_all_if_stripped(found, found * 1.0, [np.ones(found.shape, np.float32)]) is found


def test_the_surface_is_learned_from_the_intensities(config: Config, heads: list[Head]) -> None:
    """The mask is two voxels too large on all sides; the bone in it is dark."""
    rule = config.surface
    assert rule
    found = [ndimage.binary_dilation(head.brain, iterations=2) for head in heads]
    probable = [np.where(brain, 0.9, 0.1) for brain in found]
    surface = fit_surface(
        [example(b, p, h.image, h.brain, rule, 0) for b, p, h in zip(found[:2], probable, heads)], rule
    )
    corrected = correct_surface(found[2], probable[2], [heads[2].image], surface)
    assert dice(found[2], heads[2].brain) < 0.95 and dice(corrected, heads[2].brain) > 0.99
    assert Surface.read(json.loads(json.dumps(surface.manifest()))) == surface


def test_people_and_sessions() -> None:
    assert (
        person_of("openms-long-p01-s2-flair") == "openms-long-p01"
        and session_of("openms-long-p01-s2-flair") == "openms-long-p01-s2"
    )
    assert person_of("colin27-t1") == "colin27"
    assert person_of("LGG-TCGA-FG-5964-flair") == "LGG-TCGA-FG-5964"


def test_examples_follow_from_the_generator_alone(
    config: Config, heads: list[Head], stripped: list[Stripped]
) -> None:
    synthesis = Synthesis(heads, stripped, config.input)
    for seed in range(8):
        one, two = (synthesis.example(np.random.default_rng(seed)) for _ in range(2))
        np.testing.assert_array_equal(one.codes, two.codes)
        assert one.codes.shape == one.brain.shape and one.codes.shape[1:] == (128, 128)
        assert (
            one.codes.max() > LEVELS / 2
            and one.brain.any()
            and one.person in ("", "colin27", "openms-long-p01")
        )
    assert LEVELS * config.input.ceiling <= 255


def test_the_pool_does_not_depend_on_where_a_run_began(
    config: Config, heads: list[Head], tmp_path: Path
) -> None:
    synthesis = Synthesis(heads, [], config.input)
    running, resumed = (Pool(synthesis, 1, 2, 2, tmp_path / name) for name in ("a", "b"))
    for step in range(4):
        running.at(step)
    again = Pool(synthesis, 1, 2, 2, tmp_path / "a")  # reads the saved examples
    for a, b, c in zip(running.at(4), resumed.at(4), again.at(4)):
        for other in (b, c):
            np.testing.assert_array_equal(a.codes, other.codes)
            np.testing.assert_array_equal(a.brain, other.brain)
            assert a.person == other.person


def test_only_people_whose_mask_was_supplied_are_left_out_and_scored(
    config: Config,
    heads: list[Head],
    stripped: list[Stripped],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    seen: dict[str, set[str]] = {}
    at = Pool.at

    def watched(pool: Pool, step: int) -> list[Example]:
        examples = at(pool, step)
        seen.setdefault(str(pool.folder), set()).update(example.person for example in examples)
        return examples

    monkeypatch.setattr(Pool, "at", watched)
    training_only = phantom_head("brainbrowser-s1-t1", "t1", (500, 30, 900), training_only=True)
    validate(
        replace(config, training=replace(config.training, pool=12)),
        [*heads, training_only],
        stripped,
        tmp_path,
    )
    assert sorted(file.stem for file in tmp_path.glob("*.json")) == [
        "without-colin27",
        "without-openms-long-p01",
    ]
    assert {"colin27", "openms-long-p01", "brainbrowser"} <= seen[str(tmp_path / "examples")]


def test_from_training_to_bundle(
    config: Config, heads: list[Head], stripped: list[Stripped], tmp_path: Path
) -> None:
    run, bundle = tmp_path / "run", tmp_path / config.id
    model = train(config, heads, stripped, run / "brain.pt")
    rows = score_heads(heads, predictor(model), config)
    assert [row["contrasts"] for row in rows] == [["t1"], ["t2"], ["t1"], ["t1", "t2"]]
    for person in {head.person for head in heads}:
        copyfile(run / "brain.pt", run / f"without-{person}.pt")
    surface = correct(config, heads, run)
    (run / "surface.json").write_text(json.dumps(surface.manifest()))
    export(config, run, bundle)
    manifest = json.loads((bundle / "bundle.json").read_text())
    assert (manifest["domain"], manifest["roles"]) == ("brain-mr", config.roles)
    assert manifest["method"] == "brain-extraction" and set(manifest["files"]) == {"fp32", "weights"}
    with torch.no_grad():
        fuse(model)
        round_weights(model)
        image = heads[0].image
        mine, theirs = (
            probability(image, p, config.grid, config.input)
            for p in (predictor(model), onnx_predictor(bundle))
        )
    np.testing.assert_allclose(mine, theirs, atol=1e-4)
    rows = score_stripped(stripped, onnx_predictor(bundle), config)
    assert len(rows) == 3
    evaluate(config, stripped, iter(stripped), run, bundle)
    assert Surface.read(json.loads((bundle / "bundle.json").read_text())["surface"]) == surface
    card = (bundle / "MODEL_CARD.md").read_text()
    assert "leave one person out" in card and "as a study of 3 mm slices" in card
    unlike = json.loads((bundle / "evaluation.json").read_text())["not_seen_as_stripped"]
    assert unlike == [row for row in rows if row["dice"] < 0.99]
    write_fixture(config, bundle, tmp_path / "fixture")
    assert sum(file.stat().st_size for file in (tmp_path / "fixture").iterdir()) < 300_000


def test_the_shipped_network_is_small(config: Config) -> None:
    net = BrainNet(len(config.grid.planes), config.grid.together, Config.read(CONFIG).training.channels)
    assert 4 * sum(p.numel() for p in net.parameters()) < 3e6


def test_the_card_names_who_was_taken_for_a_whole_head() -> None:
    assert not_seen([])[0] == "All were seen as stripped."
    assert any(
        "| two | t1 + t2 | 0.500 |" in line
        for line in not_seen([{"patient": "two", "contrasts": ["t1", "t2"], "dice": 0.5}])
    )


def test_a_patient_as_a_study_of_thick_slices(tmp_path: Path) -> None:
    write_archive(tmp_path / "data", {"one": 3})
    (patient,) = read_thick(tmp_path / "data", 3.0)
    (case,) = read_archive(tmp_path / "data")
    depth = case.arrays().brain.shape[0]
    assert patient.brain.shape[0] == depth // 2
    assert set(patient.images) == {"t1", "t1ce", "t2", "flair"}
    assert all(image[patient.brain].min() > 0 for image in patient.images.values())
    assert patient.brain.sum() == pytest.approx(case.arrays().brain.sum() / 8, rel=0.05)
