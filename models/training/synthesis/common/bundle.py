"""The parts of every bundle: networks as ONNX files, in single and half precision, and the manifest that
describes them."""

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
from onnxruntime.transformers.float16 import DEFAULT_OP_BLOCK_LIST, convert_float_to_float16
from torch import Tensor, nn
from torch.utils.flop_counter import FlopCounterMode

from .noise import uniforms

FORMAT = "modality-synthesis-bundle/3"
DOMAIN = "brain-mr"
OPSET = 17
PROBES = 32  # values of each output that the self-test compares
SELF_TEST_SEED = 20409
TOLERANCE = {"fp32": 1e-4, "fp16": 1e-2}
SINGLE_IN_HALF = {*DEFAULT_OP_BLOCK_LIST, "LayerNormalization", "InstanceNormalization"} - {"Resize"}
"""Operators that stay in single precision in a half-precision graph."""


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


def write_half(single: Path, half: Path) -> None:
    """Write the same graph with weights and activations in half precision; inputs, outputs and norms stay in
    single precision."""
    half.parent.mkdir(parents=True, exist_ok=True)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # weights too small for half precision
        onnx.save(
            convert_float_to_float16(
                onnx.load(single), keep_io_types=True, op_block_list=sorted(SINGLE_IN_HALF)
            ),
            half,
        )


def self_test_inputs(shapes: dict[str, list[int]], seed: int) -> dict[str, np.ndarray]:
    """Shapes by name -> float32 inputs in [0, 1), filled one after the other from one mulberry32 sequence"""
    sizes = [int(np.prod(shape)) for shape in shapes.values()]
    values = np.split(uniforms(seed, sum(sizes)).astype(np.float32), np.cumsum(sizes)[:-1])
    return {name: value.reshape(shape) for (name, shape), value in zip(shapes.items(), values)}


def self_test_outputs(path: Path, shapes: dict[str, list[int]], seed: int) -> dict[str, list[float]]:
    """-> PROBES evenly spaced values of each output"""
    session = onnxruntime.InferenceSession(path, providers=["CPUExecutionProvider"])
    names = [output.name for output in session.get_outputs()]
    outputs = session.run(names, self_test_inputs(shapes, seed))
    return {
        name: [round(float(output.flat[i * output.size // PROBES]), 6) for i in range(PROBES)]
        for name, output in zip(names, outputs)
    }


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
    networks: dict[str, Network], bundle: Path, slab: int, half: bool = True
) -> dict[str, Any]:
    """Write all networks, each for `slab` slices per run -> the manifest's `networks`, `files` and
    `self_test`"""
    (bundle / "fp32").mkdir(parents=True, exist_ok=True)
    described: dict[str, dict[str, Any]] = {}
    probes = {}
    files: dict[str, dict[str, Any]] = {"fp32": {}, **({"fp16": {}} if half else {})}
    for name, network in networks.items():
        path = bundle / "fp32" / f"{name}.onnx"
        outputs = write_onnx(network, path)
        inputs = {key: list(value.shape) for key, value in network.inputs.items()}
        described[name] = {
            "inputs": inputs,
            "outputs": outputs,
            "flops": flops(network.module, tuple(network.inputs.values())),
        }
        probes[name] = self_test_outputs(path, inputs, SELF_TEST_SEED)
        files["fp32"][name] = file_entry(bundle, path)
        if half:
            write_half(path, bundle / "fp16" / path.name)
            files["fp16"][name] = file_entry(bundle, bundle / "fp16" / path.name)
        cost = described[name]["flops"] / slab / 1e6
        print(f"{name}: {files['fp32'][name]['bytes']} bytes, {cost:.1f} MFLOP a slice", flush=True)
    return {
        "networks": described,
        "files": files,
        "self_test": {"seed": SELF_TEST_SEED, "tolerance": TOLERANCE, "networks": probes},
    }


def write_manifest(bundle: Path, content: dict[str, Any]) -> None:
    """Write bundle.json."""
    (bundle / "bundle.json").write_text(json.dumps(content, indent=1) + "\n")
