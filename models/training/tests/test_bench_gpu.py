"""Tests of the comparison of WebGPU with CUDA, on a software Vulkan."""

from __future__ import annotations

import importlib.util
import os
import sys
from pathlib import Path

import numpy as np
import pytest

from synthesis.common import bench_gpu
from synthesis.common.bundle import open_network

SHIPPED = Path(__file__).parents[2] / "bundles"
TINY = SHIPPED / "cdm-tiny"
SOFTWARE_VULKAN = Path(os.environ.get("VK_ICD_FILENAMES", "/usr/lib/chromium/vk_swiftshader_icd.json"))
"""Chromium's; Dawn refuses the one of Mesa 22 (Debian 12)."""

MISSING = [name for name in ("onnxruntime_ep_webgpu", "onnx2torch") if not importlib.util.find_spec(name)]
needs_vulkan = pytest.mark.skipif(
    bool(MISSING) or not SOFTWARE_VULKAN.exists(),
    reason=f"missing: {', '.join(MISSING) or f'a software Vulkan, {SOFTWARE_VULKAN}'}",
)


def test_without_a_card_nothing_is_said_to_be_measured(tmp_path, monkeypatch):
    monkeypatch.setattr(bench_gpu.torch.cuda, "is_available", lambda: False)
    out = tmp_path / "page.md"
    monkeypatch.setattr(sys, "argv", ["bench_gpu", str(TINY), "--out", str(out)])
    bench_gpu.main()
    assert "**Not measured**" in out.read_text()
    assert "cunet" not in out.read_text()


@needs_vulkan
def test_webgpu_computes_and_is_timed_beside_pytorch(monkeypatch):
    monkeypatch.setenv("VK_ICD_FILENAMES", str(SOFTWARE_VULKAN))
    monkeypatch.setenv("ORT_WEBGPU_EP_ALLOW_SOFTWARE_ADAPTER", "1")
    here, there, apart = bench_gpu.measure_network(TINY, "mdn-t1", "fp32", "cpu", runs=2)
    assert 0 < apart < 1e-4
    assert min(here.upload, here.download, there.upload, there.download) > 0


@pytest.mark.skipif("onnx2torch" in MISSING, reason="missing: onnx2torch")
@pytest.mark.parametrize(
    "path", sorted(SHIPPED.glob("*/fp32/*.onnx")), ids=lambda p: f"{p.parts[-3]}-{p.stem}"
)
def test_every_network_has_its_like_in_pytorch(path):
    bundle, name = path.parents[1], path.stem
    model = bench_gpu.load(bundle, "fp32", name)
    arrays = bench_gpu.self_test_inputs(bench_gpu.shapes_of(model), bench_gpu.SELF_TEST_SEED)
    runner = bench_gpu.Torch(model, "cpu", bench_gpu.torch.float32)
    runner.upload(arrays)
    runner.run()
    assert bench_gpu.difference(runner.download(), open_network(bundle, name).run(None, arrays)) < 1e-4


class Counting(bench_gpu.Runner):
    """Its outputs are the number of runs; every operation takes a known time on a made-up clock."""

    def __init__(self) -> None:
        self.now, self.runs = 0.0, 0

    def upload(self, arrays):
        self.now += 0.5

    def run(self):
        self.now += 0.002
        self.runs += 1

    def download(self):
        self.now += 0.25
        return [np.array([self.runs])]


def test_a_run_counts_without_the_copies(monkeypatch):
    runner = Counting()
    monkeypatch.setattr(bench_gpu.time, "perf_counter", lambda: runner.now)
    times, outputs = bench_gpu.measure(runner, {}, runs=10)
    assert (times.upload, times.run, times.download) == pytest.approx((500, 2, 250))
    assert outputs[0] == 1


def test_difference_is_relative_to_the_largest_value():
    a, b = np.array([1.0, 100.0]), np.array([1.0, 99.0])
    assert bench_gpu.difference([a], [b]) == pytest.approx(1 / 99)
    assert bench_gpu.difference([np.array([0.1])], [np.array([0.2])]) == pytest.approx(0.1)
