"""Export of the networks of CMDM as a bundle, and the reference case of the engine's tests."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
import torch

from synthesis.common.bundle import open_network
from synthesis.common.fold_training import name_of
from synthesis.common.sampler import alpha_bars
from synthesis.common.weights import save_half, weights_file
from synthesis.methods.cdm.fixture import TINY as PRIOR
from synthesis.methods.cdm.fixture import tiny_network as tiny_prior
from synthesis.methods.cmdm.__main__ import main
from synthesis.methods.cmdm.export import REFINE, error_factors, shipped_network, write_bundle
from synthesis.methods.cmdm.fixture import NOISE_LEVELS, SAMPLING, SIDE, TINY, phantom, tiny_network
from synthesis.methods.cmdm.prior import keep_prior
from synthesis.methods.cmdm.train import levels_file

torch.set_num_threads(1)

ABOUT = {"id": "tiny", "version": "0.1.0", "name": "Tiny"}


def test_a_bundle_computes_what_the_network_does(tmp_path: Path) -> None:
    network = tiny_network()
    manifest = write_bundle(
        tiny_prior(1),
        network,
        NOISE_LEVELS,
        ABOUT,
        tmp_path,
        enhancement=False,
        sampling=SAMPLING,
        side=SIDE,
        spacing=6.0,
    )
    assert json.loads((tmp_path / "bundle.json").read_text()) == manifest
    assert set(manifest["networks"]) == {"cunet-0", "refine"}
    assert manifest["paths"] == 2 and manifest["cascades"] == 2
    assert manifest["alpha_bar"][0] == float(alpha_bars()[500]) and len(manifest["alpha_bar"]) == 3
    assert manifest["indeterminate"]["t1ce"]["above"] == 0.5 and not manifest["targets"]["t1ce"]["default"]
    feeds = shipped_network(network, SIDE).inputs
    with torch.no_grad():
        expected = network(*feeds.values()).numpy()
    for precision, tolerance in (("fp32", 1e-4), ("fp16", 2e-2)):
        session = open_network(tmp_path, REFINE, precision)
        (found,) = session.run(["residual"], {name: value.numpy() for name, value in feeds.items()})
        assert np.abs(found - expected).max() < tolerance * max(1.0, np.abs(expected).max())


def test_a_run_becomes_a_bundle(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    run = tmp_path / "run"
    save_half(tiny_prior(1), weights_file(tmp_path, "member-2"))
    PRIOR.write(tmp_path / "recipe.json")
    keep_prior(tmp_path, run, 2)
    TINY.write(run / "recipe.json")
    save_half(tiny_network(), weights_file(run, name_of(2)))
    NOISE_LEVELS.write(levels_file(run, 2))
    assert error_factors(run, enhancement=False)["paths"]["t2"] == 1.0
    rows = [("t2", "cmdm", 0.5), ("t2", "cmdm", 0.3), ("t2", "prior", 0.8), ("flair", "cmdm", 4.0)]
    content = {"rows": [{"target": t, "result": r, "scale_ratio": v} for t, r, v in rows]}
    (run / "evaluation.json").write_text(json.dumps(content))
    about = tmp_path / "about.json"
    about.write_text(json.dumps(ABOUT))
    arguments = ["export", "--run", str(run), "--about", str(about), "--bundles", str(tmp_path / "b")]
    with pytest.raises(SystemExit, match="prior-student.half.pt"):
        main(arguments)
    main([*arguments, "--fold", "2", "--paths", "3", "--steps", "5"])
    manifest = json.loads((tmp_path / "b/tiny/bundle.json").read_text())
    assert manifest["uncertainty"]["paths"] == {"t1": 1.0, "t1ce": 1.0, "t2": 2.5, "flair": 0.25}
    assert manifest["uncertainty"]["prior"]["t2"] == 1.25
    assert manifest["paths"] == 3 and len(manifest["alpha_bar"]) == 5
    assert "GFLOP a slice" in capsys.readouterr().out


def test_the_reference_case_is_written(tmp_path: Path) -> None:
    about = tmp_path / "about.json"
    about.write_text(json.dumps(ABOUT))
    folders = ["--bundles", str(tmp_path / "bundles"), "--fixtures", str(tmp_path / "fixtures")]
    main(["fixture", "--about", str(about), *folders])
    read = {
        name: np.fromfile(tmp_path / f"fixtures/tiny/{name}.f32", "<f4").reshape(-1, *phantom().shape[1:])
        for name in ("mean", "spread", "prior", "noise")
    }
    inside = phantom()[0] > 0
    assert len(read["noise"]) == SAMPLING.noises
    assert not read["mean"][0][~inside].any() and read["spread"][0][inside].mean() > 0.005
    assert np.abs(read["mean"][0] - read["prior"][0]).max() > 0.05
