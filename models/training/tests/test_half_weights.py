"""Tests of weights that two graphs share."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import onnx
import pytest
import torch
from onnx import ModelProto, TensorProto, numpy_helper
from torch import Tensor, nn

from synthesis.common.bundle import (
    SELF_TEST_SEED,
    Network,
    open_network,
    self_test_inputs,
    self_test_outputs,
    write_networks,
    write_onnx,
    write_shared,
)
from synthesis.common.half_weights import SMALL, round_weights, share_weights, to_half

OUTPUTS = ["map", "features"]


class Mixed(nn.Module):
    """Large and small weights, a norm that stays in single precision, and values that half cannot hold."""

    def __init__(self) -> None:
        super().__init__()
        self.convolution = nn.Conv2d(24, 64, 3, padding=1)
        self.deeper = nn.Conv2d(64, 64, 3, padding=1)
        self.linear = nn.Linear(64, 320)
        self.norm = nn.LayerNorm(320)
        self.register_buffer("huge", torch.full((320,), 1e6))
        nn.init.normal_(self.norm.weight, 1, 0.2)

    def forward(self, images: Tensor) -> tuple[Tensor, Tensor]:
        """[2, 24, 8, 8] -> map of the same size, features [2, 320]"""
        features = self.deeper(torch.relu(self.convolution(images)))
        return features, self.norm(self.linear(features.mean((2, 3)))) * self.huge / 1e6


def network(seed: int = 0) -> Network:
    torch.manual_seed(seed)
    return Network(Mixed().eval(), {"images": torch.rand(2, 24, 8, 8)}, OUTPUTS)


@pytest.fixture
def model(tmp_path: Path) -> ModelProto:
    write_onnx(network(), tmp_path / "mixed.onnx")
    return onnx.load(tmp_path / "mixed.onnx")


def initializers(model: ModelProto) -> dict[str, TensorProto]:
    return {tensor.name: tensor for tensor in model.graph.initializer}


def outputs(bundle: Path, precision: str = "fp32") -> list[np.ndarray]:
    feeds = self_test_inputs({"images": [2, 24, 8, 8]}, SELF_TEST_SEED)
    return open_network(bundle, "mixed", precision).run(OUTPUTS, feeds)


def test_what_half_precision_cannot_hold_stays() -> None:
    values = np.linspace(-2, 3, SMALL, dtype=np.float32)
    half = to_half(values)
    assert half is not None and half.dtype == np.dtype("<f2") and np.allclose(half, values, rtol=2**-11)
    assert to_half(values[:-1]) is None
    assert to_half(values * 1e5) is None and to_half(values * 1e-7) is None
    assert to_half(np.append(values, np.nan)) is None
    assert to_half(np.zeros(SMALL, np.float32)) is not None


def test_both_graphs_name_the_same_weights(model: ModelProto) -> None:
    shared = share_weights(model, "weights/mixed.bin")
    places = []
    for graph in (shared.single, shared.half):
        external = {
            name.removesuffix("_half"): {entry.key: entry.value for entry in tensor.external_data}
            for name, tensor in initializers(graph).items()
            if tensor.data_location == TensorProto.EXTERNAL
        }
        assert all(tensor["location"] == "weights/mixed.bin" for tensor in external.values())
        places.append(external)
    assert places[0] == places[1] and len(places[0]) >= 5
    original = initializers(model)
    for name, place in places[0].items():
        start, length = int(place["offset"]), int(place["length"])
        assert start % 16 == 0
        stored = np.frombuffer(shared.weights[start : start + length], "<f2")
        assert np.array_equal(stored, numpy_helper.to_array(original[name]).astype("<f2").ravel())
    inside = {n: t for n, t in initializers(shared.single).items() if not t.external_data}
    assert len(inside) == len(original) - len(places[0])
    assert all(tensor == original[name] for name, tensor in inside.items())
    assert any(numpy_helper.to_array(tensor).max() > 65504 for tensor in inside.values())


def test_the_graphs_compute_with_rounded_weights(model: ModelProto, tmp_path: Path) -> None:
    before = sum(len(initializer.raw_data) for initializer in model.graph.initializer)
    rounded = ModelProto()
    rounded.CopyFrom(model)
    for tensor in rounded.graph.initializer:
        half = to_half(numpy_helper.to_array(tensor))
        if half is not None:
            tensor.CopyFrom(numpy_helper.from_array(half.astype(np.float32), tensor.name))
    (tmp_path / "fp32").mkdir()
    for name, content in (("original", model), ("rounded", rounded)):
        onnx.save(content, tmp_path / "fp32" / f"{name}.onnx")
    entries = write_shared(model, tmp_path, "mixed")
    assert set(entries) == {"fp32", "fp16", "weights"}
    assert sum(entry["bytes"] for entry in entries.values()) <= 0.36 * 1.5 * before
    feeds = self_test_inputs({"images": [2, 24, 8, 8]}, SELF_TEST_SEED)
    expected, unrounded = (
        open_network(tmp_path, name).run(OUTPUTS, feeds) for name in ("rounded", "original")
    )
    for actual, half, wanted, other in zip(outputs(tmp_path), outputs(tmp_path, "fp16"), expected, unrounded):
        np.testing.assert_allclose(actual, wanted, atol=1e-6 * max(1, np.abs(wanted).max()))
        np.testing.assert_allclose(half, wanted, atol=1e-2 * max(1, np.abs(wanted).max()))
        assert np.abs(actual - other).max() > 1e-5


def test_the_exported_network_is_the_rounded_one(tmp_path: Path) -> None:
    shipped = network()
    written = write_networks({"mixed": shipped}, tmp_path, slab=2)
    assert set(written["files"]) == {"fp32", "fp16", "weights"}
    same = network().module
    round_weights(same)
    with torch.no_grad():
        expected = same(
            torch.from_numpy(self_test_inputs({"images": [2, 24, 8, 8]}, SELF_TEST_SEED)["images"])
        )
    for actual, wanted in zip(outputs(tmp_path), expected):
        np.testing.assert_allclose(actual, wanted, atol=1e-5)
    test = written["self_test"]["networks"]["mixed"]
    assert test == self_test_outputs(
        open_network(tmp_path, "mixed"), {"images": [2, 24, 8, 8]}, SELF_TEST_SEED
    )
