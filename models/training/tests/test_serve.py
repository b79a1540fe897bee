"""The model of a server against what PyTorch made of the same tiny bundle and input."""

import json
from pathlib import Path

import numpy as np
import pytest
import torch
import torch.nn.functional as F

from synthesis.methods.cdm.diffusion import correlated_noise
from synthesis.methods.cdm.lowres import average, coverage, key_slices, upsample, valid_cells
from synthesis.methods.cdm.serve import Model

ROOT = Path(__file__).parents[3]
BUNDLE = ROOT / "models" / "bundles" / "cdm-tiny"
FIXTURE = ROOT / "tests" / "fixtures" / "cdm-tiny"
SOURCES = np.array([0, 2, 3])


@pytest.fixture(scope="module")
def model() -> Model:
    return Model(BUNDLE)


def fixture(name: str, channels: int) -> np.ndarray:
    return np.fromfile(FIXTURE / f"{name}.f32", "<f4").reshape(channels, -1, 32, 32)


def test_the_model_of_a_server_is_that_of_pytorch(model: Model) -> None:
    volumes = fixture("input", 4)
    brain = volumes[0] > 0
    found = model.predict(volumes[SOURCES], SOURCES, np.arange(4), np.arange(volumes.shape[1]))
    mean, scale = (found[name].transpose(1, 0, 2, 3) * brain for name in ("mean", "scale"))
    assert np.abs(mean - fixture("mean", 4)).max() < 1e-4
    assert np.abs(scale - fixture("spread", 4)).max() < 1e-4
    lesions = json.loads((BUNDLE / "bundle.json").read_text())["lesions"]
    assert found["lesion"].shape == (volumes.shape[1], len(lesions), 16, 16)
    assert np.abs(found["lesion"].sum(1) - 1).max() < 1e-5


def test_a_piece_of_the_stack_gives_what_the_whole_one_gives(model: Model) -> None:
    volumes = fixture("input", 4)
    whole = model.predict(volumes[SOURCES], SOURCES, np.array([3]), np.array([4, 6]))
    piece = model.predict(volumes[SOURCES, 2:9], SOURCES, np.array([3]), np.array([2, 4]))
    for name, values in whole.items():
        assert np.array_equal(values, piece[name])


@pytest.mark.parametrize(
    "sources, targets, slices, what",
    [
        ([0, 2, 4], [1], [0], "sources"),
        ([0, 2, 3], [], [0], "targets"),
        ([0, 2, 3], [1], [-1], "slices"),
        ([0, 2], [1], [0], "images"),
    ],
)
def test_what_does_not_fit_is_named(
    model: Model, sources: list[int], targets: list[int], slices: list[int], what: str
) -> None:
    images = np.zeros((3, 5, 32, 32), np.float32)
    with pytest.raises(ValueError, match=what):
        model.predict(images, np.array(sources, int), np.array(targets, int), np.array(slices, int))


def test_a_sample_of_a_server_is_that_of_pytorch(model: Model) -> None:
    volumes = torch.from_numpy(fixture("input", 4))
    brain = volumes[0] > 0
    diffusion = json.loads((BUNDLE / "bundle.json").read_text())["diffusion"]
    units, keys, target = diffusion["units"], diffusion["keys"], 1
    wanted = np.array(key_slices(volumes.shape[1]))
    everything = np.arange(volumes.shape[1])
    images = volumes.numpy()[SOURCES]
    found = model.predict(images, SOURCES, np.array([target]), everything, wanted)
    mean, scale = (torch.from_numpy(found[name][:, 0]) for name in ("mean", "scale"))
    lesions = F.interpolate(torch.from_numpy(found["lesion"]), scale_factor=2.0, mode="bilinear")
    given = volumes * torch.tensor([1.0, 0.0, 1.0, 1.0])[:, None, None, None]
    errors = average(scale, brain)
    valid = valid_cells(coverage(brain))
    shown = (average(torch.cat([mean[None], given]), brain) - units["level"]) / units["spread"] * valid
    shown[1 + target] = 0
    maps = torch.cat(
        [shown[:1], errors[None] / units["error"], shown[1:], average(lesions[:, 1:].transpose(0, 1), brain)]
    )
    noise = torch.from_numpy(np.fromfile(FIXTURE / "noise.f32", "<f4")).reshape(1, len(wanted), 2, 4, 4)
    noise = correlated_noise(noise, diffusion["correlation"])[0]

    def padded(values: torch.Tensor) -> np.ndarray:
        return F.pad(values * valid[:, None], (0, 0, 0, 0, 0, 0, 0, keys - len(wanted))).numpy()

    made = model.sample(
        noise=F.pad(noise, (0, 0, 0, 0, 0, 0, 0, keys - len(wanted))).numpy(),
        valid=padded(torch.ones(len(wanted), 1, 4, 4)),
        sources=SOURCES,
        targets=np.array([target]),
        maps=padded(maps.transpose(0, 1)),
        features=padded(torch.from_numpy(found["features"])),
        tokens=padded(torch.from_numpy(found["tokens"])),
    )
    residual = torch.from_numpy(made["clean"][: len(wanted), 0]) * diffusion["spread"]["t1ce"] * errors
    sample = (mean + upsample(residual, valid, len(everything))).clamp(0, model.ceiling) * brain
    assert np.abs(sample.numpy() - fixture("sample", 1)[0]).max() < 1e-4


def test_a_sample_has_one_target(model: Model) -> None:
    with pytest.raises(ValueError, match="targets"):
        model.sample(np.zeros((48, 2, 4, 4)), np.ones((48, 1, 4, 4)), SOURCES, np.array([0, 1]))
