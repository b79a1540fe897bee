"""Export of the network of CCDM as a bundle, and the reference case of the engine's tests."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
import torch

from synthesis.common.bundle import open_network
from synthesis.common.fold_training import name_of
from synthesis.common.weights import save_half, weights_file
from synthesis.methods.ccdm.__main__ import main
from synthesis.methods.ccdm.export import NETWORK, error_factor, write_bundle
from synthesis.methods.ccdm.fixture import SIDE, TINY, phantom, tiny_network
from synthesis.methods.ccdm.network import NEIGHBOURS, SLICES
from synthesis.methods.ccdm.predict import SLAB

torch.set_num_threads(1)

ABOUT = {"id": "tiny", "version": "0.1.0", "name": "Tiny"}


def test_a_bundle_computes_what_the_network_does(tmp_path: Path) -> None:
    network = tiny_network()
    manifest = write_bundle(network, ABOUT, tmp_path, side=SIDE, spacing=6.0)
    assert manifest["sources"] == ["t1", "t1ce-low"] and manifest["target"] == "t1ce"
    assert manifest["grid"]["neighbours"] == NEIGHBOURS and len(manifest["alpha_bar"]) == 8
    assert json.loads((tmp_path / "bundle.json").read_text()) == manifest
    images, noisy = torch.rand(SLAB, 2 * SLICES, SIDE, SIDE), torch.randn(SLAB, 1, SIDE, SIDE)
    condition = torch.tensor([[0.2, 0.6]]).repeat(SLAB, 1)
    with torch.no_grad():
        expected = network(images, noisy, condition)
    feeds = {"images": images.numpy(), "noisy": noisy.numpy(), "condition": condition.numpy()}
    for precision, tolerance in (("fp32", 1e-4), ("fp16", 1e-2)):
        found = open_network(tmp_path, NETWORK, precision).run(["mean", "scale", "residual"], feeds)
        for name, value in zip(expected._fields, found, strict=True):
            wanted = getattr(expected, name).numpy()
            assert np.abs(value - wanted).max() < tolerance * max(1.0, np.abs(wanted).max()), name


def test_a_run_becomes_a_bundle(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    TINY.write(tmp_path / "recipe.json")
    save_half(tiny_network(), weights_file(tmp_path, name_of(2)))
    rows = [("25%", "25%", 0.5), ("50%", "50%", 0.3), ("25%", "50%", 9.0)]
    content = {"rows": [{"dose": d, "told": t, "scale_ratio": r} for d, t, r in rows]}
    assert error_factor(tmp_path) == 1.0
    (tmp_path / "evaluation.json").write_text(json.dumps(content))
    about = tmp_path / "about.json"
    about.write_text(json.dumps(ABOUT))
    arguments = ["export", "--run", str(tmp_path), "--about", str(about), "--bundles", str(tmp_path / "b")]
    with pytest.raises(SystemExit, match="all.half.pt"):
        main(arguments)
    main([*arguments, "--fold", "2"])
    manifest = json.loads((tmp_path / "b/tiny/bundle.json").read_text())
    assert manifest["uncertainty"] == {"factor": 2.5} and manifest["grid"]["size"] == [192, 192]
    assert manifest["normalization"]["anchors"]["target_shading"]["t1ce"]["like"] == "t1ce-low"
    assert "GFLOP a slice" in capsys.readouterr().out


def test_the_reference_case_is_written(tmp_path: Path) -> None:
    about = tmp_path / "about.json"
    about.write_text(json.dumps(ABOUT))
    folders = ["--bundles", str(tmp_path / "bundles"), "--fixtures", str(tmp_path / "fixtures")]
    main(["fixture", "--about", str(about), *folders])
    read = {
        name: np.fromfile(tmp_path / f"fixtures/tiny/{name}.f32", "<f4").reshape(-1, SIDE, SIDE)
        for name in ("mean", "sample", "spread", "noise")
    }
    inside = phantom()[0] > 0
    assert not read["mean"][~inside].any() and not read["sample"][~inside].any()
    assert read["mean"][inside].std() > 0.05 and (read["spread"][inside] > 0).all()
    assert np.abs(read["sample"] - read["mean"]).max() > 0.01
