"""`npm run bench:gpu`: times the networks of bundles with onnxruntime's WebGPU execution provider (Dawn over
Vulkan, the kernels of the browser) beside PyTorch on CUDA, on one card in one run. Writes a Markdown page.

Needs `pip install torch onnx onnx2torch onnxruntime onnxruntime-ep-webgpu`, NVIDIA's driver with its Vulkan
part, and the Vulkan loader (Debian: libvulkan1). Without a card the page says "not measured". With
`--software` WebGPU runs on a software Vulkan and PyTorch on the processor: to check the command, not to time.
"""

from __future__ import annotations

import argparse
import importlib.util
import json
import os
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np
import onnx
import onnxruntime
import torch
from onnx.external_data_helper import load_external_data_for_model

from .bundle import SELF_TEST_SEED, self_test_inputs
from .command_line import exits_with_message
from .markdown import table

PROVIDER = "WebGpuExecutionProvider"
PRECISIONS = ("fp32", "fp16")
TOLERANCE = {"fp32": 1e-2, "fp16": 5e-2}
"""Largest difference between the two that is no fault, relative to the largest value: on CUDA, PyTorch's
convolutions use TF32."""
RUNS = 20  # of the steady state
TIMES = 5  # each figure is the median of so many

ABOUT = f"""`npm run bench:gpu`: every network of the bundles with onnxruntime's WebGPU execution provider
(natively, Dawn over Vulkan: the kernels that the browser runs) and in PyTorch on CUDA (the same graph by
onnx2torch, cuDNN's fastest algorithms, TF32 as PyTorch sets it), on one card in one run. Medians of {TIMES};
a run is what each of {RUNS} in a row adds, without copies. Asked: at most 3 times."""

Arrays = dict[str, np.ndarray]


@dataclass(frozen=True)
class Times:
    """Milliseconds of one network: its inputs to the card, one run, its outputs back."""

    upload: float
    run: float
    download: float


class Runner:
    """One network on one device; inputs and outputs stay on the device."""

    def upload(self, arrays: Arrays) -> None:
        """Copy the inputs to the device, and wait."""
        raise NotImplementedError

    def run(self) -> None:
        """Start one run on the inputs; it may still go on afterwards."""
        raise NotImplementedError

    def download(self) -> list[np.ndarray]:
        """-> the outputs of the last run, once it has ended, in single precision"""
        raise NotImplementedError


class WebGpu(Runner):
    """onnxruntime's WebGPU provider; a network that it cannot run as a whole is refused."""

    def __init__(self, model: onnx.ModelProto) -> None:
        options = onnxruntime.SessionOptions()
        options.add_session_config_entry("session.disable_cpu_ep_fallback", "1")
        options.add_provider_for_devices(webgpu_devices()[:1], {})
        self.session = onnxruntime.InferenceSession(model.SerializeToString(), options)
        self.binding = self.session.io_binding()
        for output in self.session.get_outputs():
            self.binding.bind_output(output.name, "webgpu", 0)

    def upload(self, arrays: Arrays) -> None:
        for name, array in arrays.items():
            value = onnxruntime.OrtValue.ortvalue_from_numpy(array, "webgpu", 0)
            self.binding.bind_ortvalue_input(name, value)

    def run(self) -> None:
        self.session.run_with_iobinding(self.binding)

    def download(self) -> list[np.ndarray]:
        return [value.numpy().astype(np.float32) for value in self.binding.get_outputs()]


class Torch(Runner):
    """The same graph in PyTorch, on CUDA or the processor."""

    def __init__(self, model: onnx.ModelProto, device: str, dtype: torch.dtype) -> None:
        from onnx2torch import convert

        self.device, self.dtype = device, dtype
        self.names = [value.name for value in model.graph.input]
        self.module = convert(convertible(model)).eval().to(device, dtype)
        self.inputs: list[torch.Tensor] = []
        self.outputs: Sequence[torch.Tensor] = []

    def upload(self, arrays: Arrays) -> None:
        self.inputs = [torch.from_numpy(arrays[name]).to(self.device, self.dtype) for name in self.names]
        self.wait()

    @torch.inference_mode()
    def run(self) -> None:
        outputs = self.module(*self.inputs)
        self.outputs = outputs if isinstance(outputs, (list, tuple)) else [outputs]

    def download(self) -> list[np.ndarray]:
        return [output.float().cpu().numpy() for output in self.outputs]

    def wait(self) -> None:
        if self.device == "cuda":
            torch.cuda.synchronize()


def webgpu_devices() -> list[onnxruntime.OrtEpDevice]:
    """-> the devices of the WebGPU provider; none where the plug-in or a Vulkan card is missing"""
    if importlib.util.find_spec("onnxruntime_ep_webgpu") is None:
        return []
    import onnxruntime_ep_webgpu

    known = [device for device in onnxruntime.get_ep_devices() if device.ep_name == PROVIDER]
    if not known:
        onnxruntime.register_execution_provider_library("webgpu", onnxruntime_ep_webgpu.get_library_path())
    return [device for device in onnxruntime.get_ep_devices() if device.ep_name == PROVIDER]


def load(bundle: Path, precision: str, name: str) -> onnx.ModelProto:
    """-> the graph of a network with its weights inside"""
    model = onnx.load(bundle / precision / f"{name}.onnx", load_external_data=False)
    load_external_data_for_model(model, str(bundle))
    return model


def convertible(model: onnx.ModelProto) -> onnx.ModelProto:
    """-> the graph as onnx2torch takes it: weights constant, not cast from half; names of nodes unlike"""
    options = onnxruntime.SessionOptions()
    options.graph_optimization_level = onnxruntime.GraphOptimizationLevel.ORT_ENABLE_BASIC
    with TemporaryDirectory() as folder:
        path = Path(folder) / "folded.onnx"
        options.optimized_model_filepath = str(path)
        onnxruntime.InferenceSession(model.SerializeToString(), options, providers=["CPUExecutionProvider"])
        folded = onnx.load(path)
    for number, node in enumerate(folded.graph.node):
        node.name = f"{node.op_type}_{number}"
    return folded


def milliseconds(task: Callable[[], object]) -> float:
    """-> median duration"""
    durations = []
    for _ in range(TIMES):
        began = time.perf_counter()
        task()
        durations.append(1000 * (time.perf_counter() - began))
    return median(durations)


def measure(runner: Runner, arrays: Arrays, runs: int = RUNS) -> tuple[Times, list[np.ndarray]]:
    """-> the times, and the outputs. A run is what each further one of many adds, so that neither the copies
    nor the wait for the device counts."""
    runner.upload(arrays)
    runner.run()
    outputs = runner.download()  # kernels are compiled and chosen by now

    def series(count: int) -> Callable[[], object]:
        def task() -> None:
            for _ in range(count):
                runner.run()
            runner.download()

        return task

    one, many = milliseconds(series(1)), milliseconds(series(1 + runs))
    upload = milliseconds(lambda: runner.upload(arrays))
    download = milliseconds(runner.download)
    return Times(upload, (many - one) / runs, download), outputs


def difference(a: Sequence[np.ndarray], b: Sequence[np.ndarray]) -> float:
    """-> largest difference of all outputs, each relative to its largest value"""
    return max(float(np.abs(x - y).max() / max(1.0, np.abs(y).max())) for x, y in zip(a, b))


def measure_network(
    bundle: Path, name: str, precision: str, device: str, runs: int = RUNS
) -> tuple[Times, Times, float]:
    """-> times on WebGPU and in PyTorch, and how far the two differ. Raises RuntimeError where that is too
    much."""
    single = load(bundle, "fp32", name)
    arrays = self_test_inputs(shapes_of(single), SELF_TEST_SEED)
    # In half precision the graph in single precision is converted: its half has nodes for other runtimes.
    dtype = torch.float16 if precision == "fp16" else torch.float32
    there, expected = measure(Torch(single, device, dtype), arrays, runs)
    here, outputs = measure(WebGpu(load(bundle, precision, name)), arrays, runs)
    apart = difference(outputs, expected)
    if not apart < TOLERANCE[precision]:
        raise RuntimeError(f"{name}, {precision}: WebGPU and PyTorch differ by {apart:.3g}")
    return here, there, apart


def shapes_of(model: onnx.ModelProto) -> dict[str, list[int]]:
    """-> the shapes of the inputs, by name"""
    return {v.name: [d.dim_value for d in v.type.tensor_type.shape.dim] for v in model.graph.input}


def tables(bundle: Path, device: str) -> list[str]:
    """-> what was measured of a bundle, one table a precision, as Markdown"""
    manifest = json.loads((bundle / "bundle.json").read_text())
    lines = [f"## {manifest['name']}, {manifest['version']}", ""]
    for precision in precisions(manifest, device):
        rows: list[list[str]] = []
        sums = [0.0, 0.0]
        for name, about in manifest["networks"].items():
            here, there, apart = measure_network(bundle, name, precision, device)
            sums = [sums[0] + here.run, sums[1] + there.run]
            copies = [f"{t.upload:.2f} / {t.download:.2f}" for t in (here, there)]
            speed = f"{about['flops'] / 1e9:.2f}"
            rows.append([name, speed, *ratio_of(here.run, there.run), *copies, f"{apart:.0e}"])
        rows.append(["**all**", "", *ratio_of(*sums), "", "", ""])
        header = ["network", "GFLOP", "WebGPU, ms", "PyTorch, ms", "ratio"]
        copied = ["WebGPU up / down, ms", "PyTorch up / down, ms", "difference"]
        lines += [f"{precision}:", "", *table([*header, *copied], rows)]
    return lines


def precisions(manifest: dict[str, Any], device: str) -> list[str]:
    """-> those of the bundle that the device has; a software Vulkan has no half"""
    return [p for p in PRECISIONS if manifest["files"].get(p) and (p == "fp32" or device == "cuda")]


def ratio_of(here: float, there: float) -> list[str]:
    return [f"{here:.2f}", f"{there:.2f}", f"{here / there:.1f}"]


def page(bundles: Sequence[Path], device: str | None) -> str:
    """-> the whole page; device None: nothing can be measured"""
    lines = ["# WebGPU beside CUDA", "", *ABOUT.splitlines(), ""]
    if device is None:
        return "\n".join([*lines, "**Not measured**: no card with CUDA and Vulkan was there.", ""])
    card = torch.cuda.get_device_name() if device == "cuda" else "no card: software Vulkan, the processor"
    versions = f"onnxruntime {onnxruntime.__version__}, PyTorch {torch.__version__}"
    measured = [line for bundle in bundles for line in tables(bundle, device)]
    return "\n".join([*lines, f"{card}; {versions}.", "", *measured])


@exits_with_message()
def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("bundles", nargs="+", type=Path)
    parser.add_argument("--out", type=Path, required=True, help="the page")
    parser.add_argument("--software", action="store_true", help="without a card; nothing of it is a timing")
    options = parser.parse_args()
    device = "cuda" if torch.cuda.is_available() else "cpu" if options.software else None
    if options.software:
        os.environ["ORT_WEBGPU_EP_ALLOW_SOFTWARE_ADAPTER"] = "1"
    if device and not webgpu_devices():
        raise RuntimeError(
            "No WebGPU: pip install onnxruntime onnxruntime-ep-webgpu; needs a Vulkan loader and driver."
        )
    torch.backends.cudnn.benchmark = True
    text = page(options.bundles, device)
    print(text)
    options.out.write_text(text)


if __name__ == "__main__":
    main()
