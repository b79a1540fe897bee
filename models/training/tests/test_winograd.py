"""Tests of convolutions by Winograd's algorithm."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import numpy as np
import onnx
import onnxruntime
import pytest
import torch
from onnx import ModelProto, TensorProto
from torch import Tensor, nn

from synthesis.common.bundle import (
    SELF_TEST_SEED,
    Network,
    open_network,
    self_test_inputs,
    self_test_of,
    write_networks,
    write_onnx,
)
from synthesis.common.half_weights import share_weights
from synthesis.common.winograd import PAYS_CHANNELS, PAYS_PIXELS, pays, with_winograd


class Convolutions(nn.Module):
    """Two that can be rewritten, one of them read twice, and some that cannot."""

    def __init__(self) -> None:
        super().__init__()
        self.first = nn.Conv2d(8, 12, 3, padding=1)
        self.second = nn.Conv2d(12, 8, 3, padding=1, bias=False)
        self.others = nn.ModuleList(
            [
                nn.Conv2d(8, 8, 3, padding=1, groups=2),
                nn.Conv2d(8, 8, 1),
                nn.Conv2d(8, 8, 3, padding=2, dilation=2),
                nn.Conv2d(8, 8, 5, padding=2),
                nn.Conv2d(8, 8, 3, padding=1, stride=2),
                nn.Conv2d(8, 8, 3),
            ]
        )

    def forward(self, images: Tensor) -> tuple[Tensor, Tensor]:
        features = self.second(nn.functional.leaky_relu(self.first(images), 0.1))
        found = torch.relu(features) + features
        for other in self.others:
            found = other(found)
        return found, features


def everywhere(*_: int) -> bool:
    return True


def network(rows: int, columns: int) -> Network:
    torch.manual_seed(0)
    return Network(Convolutions().eval(), {"images": torch.rand(3, 8, rows, columns)}, ["map", "features"])


def outputs(model: ModelProto, images: np.ndarray) -> list[np.ndarray]:
    session = onnxruntime.InferenceSession(model.SerializeToString(), providers=["CPUExecutionProvider"])
    return session.run(["map", "features"], {"images": images})


@pytest.mark.parametrize(("rows", "columns"), [(16, 12), (13, 18), (8, 7)])
def test_the_function_is_the_same(tmp_path: Path, rows: int, columns: int) -> None:
    given = network(rows, columns)
    write_onnx(given, tmp_path / "network.onnx")
    model = onnx.load(tmp_path / "network.onnx")
    rewritten = with_winograd(model, everywhere)
    assert rewritten
    onnx.checker.check_model(rewritten, full_check=True)
    images = given.inputs["images"].numpy()
    for actual, expected in zip(outputs(rewritten, images), outputs(model, images), strict=True):
        np.testing.assert_allclose(actual, expected, atol=1e-5 * max(1, np.abs(expected).max()))
    before, after = (Counter(node.op_type for node in m.graph.node) for m in (model, rewritten))
    assert after["Tile"] == 4 and after["Conv"] == before["Conv"] + 4
    assert after["Slice"] == (2 if rows % 4 else 0)
    assert {v.name for v in rewritten.graph.output} == {"map", "features"}


def test_only_what_pays_is_rewritten(tmp_path: Path) -> None:
    assert pays(PAYS_CHANNELS, PAYS_CHANNELS, PAYS_PIXELS)
    assert not pays(PAYS_CHANNELS - 1, 96, 9216) and not pays(96, PAYS_CHANNELS - 1, 9216)
    assert not pays(96, 96, PAYS_PIXELS - 1)
    write_onnx(network(16, 12), tmp_path / "network.onnx")
    model = onnx.load(tmp_path / "network.onnx")
    assert with_winograd(model) is None
    asked: list[tuple[int, int, int]] = []
    with_winograd(model, lambda *sizes: bool(asked.append(sizes)))
    assert asked == [(8, 12, 192), (12, 8, 192)]


def test_the_weights_stay_where_they_are(tmp_path: Path) -> None:
    write_onnx(network(16, 16), tmp_path / "network.onnx")
    shared = share_weights(onnx.load(tmp_path / "network.onnx"), "weights/network.bin").single
    rewritten = with_winograd(shared, everywhere)
    assert rewritten

    def external(model: ModelProto) -> list[TensorProto]:
        return [t for t in model.graph.initializer if t.data_location == TensorProto.EXTERNAL]

    assert external(rewritten) == external(shared) and len(external(shared)) > 2
    assert rewritten.ByteSize() - shared.ByteSize() < 30e3


def test_a_bundle_has_a_graph_for_wasm_where_it_pays(tmp_path: Path) -> None:
    shapes = {"images": [3, 8, 16, 16]}
    plain = write_networks({"network": network(16, 16)}, tmp_path / "plain", slab=3)
    assert set(plain["files"]) == {"fp32", "fp16", "weights"}
    bundle = tmp_path / "bundle"
    written = write_networks({"network": network(16, 16)}, bundle, slab=3, where=everywhere)
    assert set(written["files"]) == {"fp32", "fp16", "wasm", "weights"}
    assert written["files"]["wasm"]["network"]["path"] == "wasm/network.onnx"
    for name in ("fp32", "fp16", "weights"):
        assert written["files"][name] == plain["files"][name]
    feeds = self_test_inputs(shapes, SELF_TEST_SEED)
    single, wasm = (open_network(bundle, "network", folder).run(None, feeds) for folder in ("fp32", "wasm"))
    for actual, expected in zip(wasm, single, strict=True):
        np.testing.assert_allclose(actual, expected, atol=1e-5 * max(1, np.abs(expected).max()))
    wrong = onnx.load(bundle / "wasm/network.onnx", load_external_data=False)
    for tensor in wrong.graph.initializer:
        if tensor.name == "winograd_output":
            tensor.raw_data = np.roll(np.frombuffer(tensor.raw_data, "<f4"), 1).tobytes()
    (bundle / "wasm/network.onnx").write_bytes(wrong.SerializeToString())
    with pytest.raises(RuntimeError, match=r"wasm/network\.onnx differs"):
        self_test_of(bundle, "network", shapes, SELF_TEST_SEED)
    expected = plain["self_test"]["networks"]["network"]
    assert self_test_of(tmp_path / "plain", "network", shapes, SELF_TEST_SEED) == expected
