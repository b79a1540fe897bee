"""Export of the next networks as a bundle, and the reference case of the engine's tests."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
import torch

from synthesis import CONTRASTS, FLAIR, T1CE
from synthesis.common.bundle import flops, open_network
from synthesis.common.weights import save_half, weights_file
from synthesis.data.fixture import head
from synthesis.data.fixture import reference as anchored_reference
from synthesis.methods.cdm.cunet import CUNet
from synthesis.methods.cdm.export import (
    Shipped,
    chosen_names,
    error_factors,
    export,
    shipped_network,
    trained_networks,
    trained_sampling,
    write_bundle,
)
from synthesis.methods.cdm.export_diffusion import sampling_manifest
from synthesis.methods.cdm.fixture import SIDE, TINY, tiny_network, tiny_sampling, write_fixture
from synthesis.methods.cdm.predict import SLAB, neighbourhoods
from synthesis.methods.cdm.recipe import Recipe
from synthesis.methods.cdm.residuals import projection_file

ABOUT = {"id": "tiny", "version": "0.1.0", "name": "Tiny"}


def test_neighbours_of_a_slice() -> None:
    volumes = torch.arange(6.0).reshape(2, 3, 1, 1)
    assert neighbourhoods(volumes)[0].flatten().tolist() == [0, 0, 0, 1, 2, 3, 3, 3, 4, 5]
    assert neighbourhoods(volumes)[2].flatten().tolist() == [0, 1, 2, 2, 2, 3, 4, 5, 5, 5]
    assert neighbourhoods(volumes, thick=True)[1].flatten().tolist() == [1] * 5 + [4] * 5


@pytest.mark.parametrize("enhancement", [False, True])
def test_a_bundle_shows_the_chosen_t1ce(tmp_path: Path, enhancement: bool) -> None:
    network = tiny_network(3)
    manifest = write_bundle(
        [network],
        ABOUT,
        tmp_path,
        enhancement=enhancement,
        side=SIDE,
        spacing=6.0,
    )
    assert manifest["normalization"]["anchors"]["target_shading"]["t2"]["like"] == "flair"
    images = torch.rand(SLAB, 20, SIDE, SIDE)
    given, plane = torch.ones(SLAB, 4), torch.eye(3)[:1].repeat(SLAB, 1)
    with torch.no_grad():
        expected = network(images, given, plane)
    for precision, tolerance in (("fp32", 1e-4), ("fp16", 1e-2)):
        mean, scale, lesion = open_network(tmp_path, "cunet-0", precision).run(
            ["mean", "scale", "lesion"], {"images": images.numpy(), "availability": given.numpy()}
        )
        for found, wanted in ((mean, expected.mean), (scale, expected.scale)):
            np.testing.assert_allclose(found[:, FLAIR], wanted[:, FLAIR], atol=tolerance)
            np.testing.assert_allclose(
                found[:, T1CE], wanted[:, T1CE if enhancement else len(CONTRASTS)], atol=tolerance
            )
        np.testing.assert_allclose(lesion, expected.lesion.softmax(1), atol=tolerance)
    assert ("targets" in manifest) == ("indeterminate" in manifest) == (not enhancement)
    assert json.loads((tmp_path / "bundle.json").read_text()) == manifest
    assert manifest["normalization"]["anchors"]["tissue"][0]["roles"] == ["t1", "t1ce"]


def test_the_student_ships_if_there_is_one(tmp_path: Path) -> None:
    TINY.write(tmp_path / "recipe.json")
    recipe = Recipe.read(tmp_path / "recipe.json")
    with pytest.raises(ValueError, match="neither a student nor members"):
        trained_networks(tmp_path, recipe, chosen_names(tmp_path))
    for name in ("member-0", "member-1", "member-0-40"):
        save_half(CUNet(recipe), weights_file(tmp_path, name))
    assert len(trained_networks(tmp_path, recipe, chosen_names(tmp_path))) == 2
    with pytest.raises(ValueError, match="member-2"):
        trained_networks(tmp_path, recipe, ["member-2"])
    save_half(CUNet(recipe, recipe.student_channels), weights_file(tmp_path, "student"))
    assert len(trained_networks(tmp_path, recipe, chosen_names(tmp_path))) == 1
    assert len(trained_networks(tmp_path, recipe, ["member-0-40"])) == 1


def test_a_run_becomes_a_bundle(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    TINY.write(tmp_path / "recipe.json")
    save_half(tiny_network(1), weights_file(tmp_path, "member-0"))
    about = tmp_path / "about.json"
    about.write_text(json.dumps(ABOUT))
    export(tmp_path, about, tmp_path / "bundles", [], enhancement=False)
    manifest = json.loads((tmp_path / "bundles/tiny/bundle.json").read_text())
    assert manifest["grid"] == {
        "spacing": [1.0, 1.0, 1.0],
        "size": [192, 192],
        "slab": SLAB,
        "neighbours": 2,
    }
    assert manifest["targets"]["t1ce"]["default"] is False
    assert "GFLOP a slice" in capsys.readouterr().out
    assert "diffusion" not in manifest


def test_samples_need_all_that_draws_them(tmp_path: Path) -> None:
    drawn = tiny_sampling(TINY.channels[2])
    save_half(drawn.tokenizer, weights_file(tmp_path, "mrm"))
    save_half(drawn.mdn, weights_file(tmp_path, "mdn"))
    assert trained_sampling(tmp_path, "member-0") is None
    drawn.projection.write(projection_file(tmp_path, "member-0"))
    sampling = trained_sampling(tmp_path, "member-0")
    assert sampling and torch.equal(sampling.projection.weight, drawn.projection.weight)
    manifest = sampling_manifest(sampling.mdn)
    assert manifest["spread"] == pytest.approx({"t1": 0.8, "t1ce": 0.9, "t2": 1.0, "flair": 1.1}, abs=1e-3)
    assert len(manifest["alpha_bar"]) == len(manifest["timesteps"]) == 8


def test_the_expected_error_gets_the_measured_factor(tmp_path: Path) -> None:
    assert error_factors(tmp_path, enhancement=False) == dict.fromkeys(CONTRASTS, 1.0)
    names = [*CONTRASTS, "t1ce without enhancement"]
    rows = [{"target": name, "scale_ratio": ratio} for ratio in (1.0, 3.0) for name in names[1:]]
    rows += [{"target": "t1ce without enhancement", "scale_ratio": 8.0}]
    (tmp_path / "evaluation").mkdir()
    (tmp_path / "evaluation/train-all-others.json").write_text(json.dumps({"rows": rows}))
    assert error_factors(tmp_path, enhancement=True) == {"t1": 1.0, "t1ce": 0.5, "t2": 0.5, "flair": 0.5}
    assert error_factors(tmp_path, enhancement=False)["t1ce"] == 0.25


def test_the_student_is_small_and_fast_enough() -> None:
    recipe = Recipe()
    network = shipped_network(CUNet(recipe, recipe.student_channels), enhancement=False, side=192)
    assert isinstance(network.module, Shipped)
    inputs = tuple(value.to("meta") for value in network.inputs.values())
    assert flops(network.module.to("meta"), inputs) / SLAB < 8e9
    assert 2 * sum(p.numel() for p in network.module.parameters()) < 25e6


def test_the_reference_case_is_written(tmp_path: Path) -> None:
    about = tmp_path / "about.json"
    about.write_text(json.dumps(ABOUT))
    write_fixture(about, tmp_path / "bundles", tmp_path / "fixtures")
    mean = np.fromfile(tmp_path / "fixtures/tiny/mean.f32", "<f4").reshape(4, -1, SIDE, SIDE)
    lesion = np.fromfile(tmp_path / "fixtures/tiny/lesion.f32", "<f4").reshape(5, *mean.shape[1:])
    inside = np.fromfile(tmp_path / "fixtures/tiny/input.f32", "<f4").reshape(mean.shape)[0] > 0
    assert not mean[:, ~inside].any() and not lesion[:, ~inside].any()
    np.testing.assert_allclose(lesion.sum(0)[inside], 1, atol=1e-5)
    assert 0 < ((1 - lesion[0])[inside] > 0.5).mean() < 1


def test_the_head_of_the_anchors_is_anchored() -> None:
    signal, brain = head(T1CE - 1)
    assert signal.shape == brain.shape and 50_000 < brain.sum() < 100_000
    cases = anchored_reference()["cases"]
    assert isinstance(cases, list) and [sorted(case) for case in cases] == [["flair", "t1", "t2"], ["flair"]]
    for case in cases:
        for found in case.values():
            values = np.array(found["anchored"])
            assert 0.3 < np.median(values) < 0.9 and values.min() >= 0
