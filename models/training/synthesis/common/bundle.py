"""The parts of every bundle: networks as ONNX graphs, for single and half precision, their weights, and the
manifest that describes them."""

from __future__ import annotations

import hashlib
import json
import warnings
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import onnx
import onnxruntime
import torch
from torch import Tensor, nn
from torch.utils.flop_counter import FlopCounterMode

from .half_weights import round_weights, share_weights
from .noise import uniforms
from .winograd import Pays, pays, with_winograd

FORMAT = "modality-synthesis-bundle/4"
DOMAIN = "brain-mr"
OPSET = 17
PROBES = 32  # values of each output that the self-test compares
SELF_TEST_SEED = 20409
TOLERANCE = {"fp32": 1e-4, "fp16": 1e-2}


@dataclass(frozen=True)
class Network:
    """A network with example inputs and the names of its outputs."""

    module: nn.Module
    inputs: dict[str, Tensor]
    outputs: list[str]


def simplify(path: Path) -> None:
    """Fold constants and shape arithmetic of an ONNX file in place. Raises RuntimeError if operators remain
    that are not standard."""
    options = onnxruntime.SessionOptions()
    options.graph_optimization_level = onnxruntime.GraphOptimizationLevel.ORT_ENABLE_BASIC
    options.optimized_model_filepath = str(path)
    onnxruntime.InferenceSession(path.read_bytes(), options, providers=["CPUExecutionProvider"])
    model = onnx.load(path)
    used = {node.domain for node in model.graph.node}
    for entry in [entry for entry in model.opset_import if entry.domain not in used]:
        model.opset_import.remove(entry)
    model.graph.ClearField("value_info")
    onnx.checker.check_model(model, full_check=True)
    foreign = {node.op_type for node in model.graph.node if node.domain}
    if foreign:
        raise RuntimeError(f"{path.name}: operators outside the standard: {foreign}")
    onnx.save(model, path)


def write_onnx(network: Network, path: Path) -> dict[str, list[int]]:
    """Write the network -> the shapes of its outputs. Raises RuntimeError if onnxruntime and PyTorch
    differ."""
    arguments = tuple(network.inputs.values())
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        torch.onnx.export(
            network.module,
            arguments,
            str(path),
            input_names=list(network.inputs),
            output_names=network.outputs,
            opset_version=OPSET,
            dynamo=False,
            do_constant_folding=True,
        )
    simplify(path)
    with torch.no_grad():
        expected = network.module(*arguments)
    expected = expected if isinstance(expected, tuple) else (expected,)
    session = onnxruntime.InferenceSession(path, providers=["CPUExecutionProvider"])
    actual = session.run(network.outputs, {name: value.numpy() for name, value in network.inputs.items()})
    for name, a, b in zip(network.outputs, actual, expected):
        worst = float(np.abs(a - b.numpy()).max())
        if worst > TOLERANCE["fp32"] * max(1.0, float(b.abs().max())):
            raise RuntimeError(f"{path.name}: {name} differs from PyTorch by {worst}")
    return {name: list(a.shape) for name, a in zip(network.outputs, actual)}


def write_shared(
    model: onnx.ModelProto, bundle: Path, name: str, half: bool = True, where: Pays = pays
) -> dict[str, dict[str, Any]]:
    """Write a float32 model as a graph in single and, with `half`, one in half precision, and their weights;
    where it pays, a graph for WebAssembly too -> their entries in the manifest by `fp32`, `fp16`, `wasm` and
    `weights`"""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # weights too small for half precision
        shared = share_weights(model, weights_path(name))
    contents = {f"fp32/{name}.onnx": shared.single.SerializeToString()}
    if half:
        contents[f"fp16/{name}.onnx"] = shared.half.SerializeToString()
    wasm = with_winograd(shared.single, where)
    if wasm:
        contents[f"wasm/{name}.onnx"] = wasm.SerializeToString()
    if shared.weights:
        contents[weights_path(name)] = shared.weights
    for path, content in contents.items():
        (bundle / path).parent.mkdir(parents=True, exist_ok=True)
        (bundle / path).write_bytes(content)
    return {path.split("/")[0]: file_entry(bundle, bundle / path) for path in contents}


def weights_path(name: str) -> str:
    """-> the path in a bundle of the weights that the graphs of a network share"""
    return f"weights/{name}.bin"


def open_network(
    bundle: Path, name: str, folder: str = "fp32", threads: int = 0
) -> onnxruntime.InferenceSession:
    """-> a network of a bundle on the CPU, from its graph in `fp32`, `fp16` or `wasm`; 0 threads: as many as
    there are cores"""
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads
    weights = bundle / weights_path(name)
    if weights.exists():  # absent from bundles whose graphs contain their weights
        content = weights.read_bytes()
        options.add_external_initializers_from_files_in_memory(
            [weights_path(name)], [content], [len(content)]
        )
    graph = (bundle / folder / f"{name}.onnx").read_bytes()
    return onnxruntime.InferenceSession(graph, options, providers=["CPUExecutionProvider"])


def self_test_inputs(shapes: dict[str, list[int]], seed: int) -> dict[str, np.ndarray]:
    """Shapes by name -> float32 inputs in [0, 1), filled one after the other from one mulberry32 sequence"""
    sizes = [int(np.prod(shape)) for shape in shapes.values()]
    values = np.split(uniforms(seed, sum(sizes)).astype(np.float32), np.cumsum(sizes)[:-1])
    return {name: value.reshape(shape) for (name, shape), value in zip(shapes.items(), values)}


def self_test_outputs(
    session: onnxruntime.InferenceSession, shapes: dict[str, list[int]], seed: int
) -> dict[str, list[float]]:
    """-> PROBES evenly spaced values of each output"""
    names = [output.name for output in session.get_outputs()]
    outputs = session.run(names, self_test_inputs(shapes, seed))
    return {
        name: [round(float(output.flat[i * output.size // PROBES]), 6) for i in range(PROBES)]
        for name, output in zip(names, outputs)
    }


def self_test_of(bundle: Path, name: str, shapes: dict[str, list[int]], seed: int) -> dict[str, list[float]]:
    """-> `self_test_outputs` of a network in single precision. Raises RuntimeError if its graph for
    WebAssembly, where it has one, computes something else."""
    if (bundle / "wasm" / f"{name}.onnx").exists():
        feeds = self_test_inputs(shapes, seed)
        pair = (open_network(bundle, name, folder).run(None, feeds) for folder in ("fp32", "wasm"))
        for expected, actual in zip(*pair, strict=True):
            worst = float(np.abs(actual - expected).max())
            if not worst <= TOLERANCE["fp32"] * max(1.0, float(np.abs(expected).max())):
                raise RuntimeError(f"wasm/{name}.onnx differs from fp32/{name}.onnx by {worst}")
    return self_test_outputs(open_network(bundle, name), shapes, seed)


def file_entry(bundle: Path, path: Path) -> dict[str, Any]:
    """-> path in the bundle, size and SHA-256, as the manifest lists a file"""
    content = path.read_bytes()
    return {
        "path": path.relative_to(bundle).as_posix(),
        "bytes": len(content),
        "sha256": hashlib.sha256(content).hexdigest(),
    }


@torch.no_grad()
def flops(network: nn.Module, inputs: tuple[Tensor, ...]) -> int:
    """-> floating point operations of one run, 2 per multiply-add, of matrix products and convolutions
    alone"""
    with FlopCounterMode(display=False) as counter:
        network(*inputs)
    return int(counter.get_total_flops())


def write_networks(
    networks: dict[str, Network], bundle: Path, slab: int, half: bool = True, where: Pays = pays
) -> dict[str, Any]:
    """Write all networks, each for `slab` slices per run; rounds their weights to half precision -> the
    manifest's `networks`, `files` and `self_test`"""
    (bundle / "fp32").mkdir(parents=True, exist_ok=True)
    described: dict[str, dict[str, Any]] = {}
    probes = {}
    files: dict[str, dict[str, Any]] = {}
    for name, network in networks.items():
        path = bundle / "fp32" / f"{name}.onnx"
        round_weights(network.module)
        outputs = write_onnx(network, path)
        inputs = {key: list(value.shape) for key, value in network.inputs.items()}
        described[name] = {
            "inputs": inputs,
            "outputs": outputs,
            "flops": flops(network.module, tuple(network.inputs.values())),
        }
        entries = write_shared(onnx.load(path), bundle, name, half, where)
        for key, entry in entries.items():
            files.setdefault(key, {})[name] = entry
        probes[name] = self_test_of(bundle, name, inputs, SELF_TEST_SEED)
        cost = described[name]["flops"] / slab / 1e6
        size = sum(entry["bytes"] for entry in entries.values())
        print(f"{name}: {size} bytes, {cost:.1f} MFLOP a slice", flush=True)
    return {
        "networks": described,
        "files": files,
        "self_test": {"seed": SELF_TEST_SEED, "tolerance": TOLERANCE, "networks": probes},
    }


def write_manifest(bundle: Path, content: dict[str, Any]) -> None:
    """Write bundle.json."""
    (bundle / "bundle.json").write_text(json.dumps(content, indent=1) + "\n")
