"""One set of weights in half precision for two graphs: one computes in single precision, the other in half.
ONNX external data, so that a bundle stores and a browser loads the weights once."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import torch
from onnx import ModelProto, TensorProto, helper, numpy_helper
from onnxruntime.transformers.float16 import DEFAULT_OP_BLOCK_LIST, convert_float_to_float16
from torch import nn

SMALL = 256  # tensors of fewer elements stay in the graphs, which refer to each external one in 300 bytes
ALIGNMENT = 16  # bytes
HALF_EPSILON = 2.0**-11  # largest relative rounding error of half precision
SINGLE_IN_HALF = {*DEFAULT_OP_BLOCK_LIST, "LayerNormalization", "InstanceNormalization"} - {"Resize"}
"""Operators that stay in single precision in a half-precision graph."""


@dataclass(frozen=True)
class SharedWeights:
    """Two graphs with float32 inputs and outputs, and the float16 weights of both, little endian."""

    single: ModelProto
    half: ModelProto
    weights: bytes


def to_half(values: np.ndarray) -> np.ndarray | None:
    """float32 -> float16 of the same shape, or None for what must stay as it is: small tensors, and values
    beyond the range of half precision"""
    if values.size < SMALL:
        return None
    with np.errstate(over="ignore"):
        half = values.astype("<f2")
    largest = np.abs(values).max()
    return half if np.abs(half.astype(np.float32) - values).max() <= HALF_EPSILON * largest else None


@torch.no_grad()
def round_weights(module: nn.Module) -> None:
    """Round the weights and buffers of a network as `share_weights` does, in place."""
    for tensor in (*module.parameters(), *module.buffers()):
        half = to_half(tensor.detach().numpy()) if tensor.dtype == torch.float32 else None
        if half is not None:
            tensor.copy_(torch.from_numpy(half.astype(np.float32)))


def share_weights(model: ModelProto, location: str) -> SharedWeights:
    """A float32 model with all its weights inside -> the graphs that share them.

    `location` names the weights in both graphs: the file's path in the bundle."""
    places: dict[str, dict[str, str | int]] = {}
    rounded, weights = ModelProto(), bytearray()
    rounded.CopyFrom(model)
    for tensor in rounded.graph.initializer:
        half = to_half(numpy_helper.to_array(tensor)) if tensor.data_type == TensorProto.FLOAT else None
        if half is not None:
            weights.extend(bytes(-len(weights) % ALIGNMENT))
            places[tensor.name] = {"location": location, "offset": len(weights), "length": half.nbytes}
            weights.extend(half.tobytes())
            tensor.CopyFrom(numpy_helper.from_array(half.astype(np.float32), tensor.name))
    copy = ModelProto()
    copy.CopyFrom(rounded)
    in_half = convert_float_to_float16(copy, keep_io_types=True, op_block_list=sorted(SINGLE_IN_HALF))
    in_half.graph.ClearField("value_info")
    return SharedWeights(_refer(rounded, places), _refer(in_half, places), bytes(weights))


def _refer(model: ModelProto, places: dict[str, dict[str, str | int]]) -> ModelProto:
    """Replace initializers by external ones at `places`, and cast those that the graph takes as float32;
    onnxruntime folds the casts when it loads the graph."""
    casts = []
    for tensor in model.graph.initializer:
        if tensor.name not in places:
            continue
        name, single = tensor.name, tensor.data_type == TensorProto.FLOAT
        external = TensorProto(
            name=f"{name}_half" if single else name,
            data_type=TensorProto.FLOAT16,
            dims=tensor.dims,
            data_location=TensorProto.EXTERNAL,
        )
        for key, value in places[name].items():
            external.external_data.add(key=key, value=str(value))
        if single:
            casts.append(helper.make_node("Cast", [external.name], [name], to=TensorProto.FLOAT))
        tensor.CopyFrom(external)
    nodes = [*casts, *model.graph.node]
    model.graph.ClearField("node")
    model.graph.node.extend(nodes)
    return model
