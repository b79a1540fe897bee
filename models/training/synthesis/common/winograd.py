"""Convolutions as Winograd's F(4 x 4, 3 x 3), written in standard operators: fewer multiplications where the
runtime itself has no such kernel (A. Lavin, S. Gray, arXiv 1509.09308)."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

import numpy as np
from onnx import ModelProto, NodeProto, TensorProto, helper, numpy_helper, shape_inference

TILE = 4  # pixels of the result a side
WINDOW = 6  # pixels of the input a side that a tile needs
INPUT_TRANSFORM = np.array(  # B^T
    [
        [4, 0, -5, 0, 1, 0],
        [0, -4, -4, 1, 1, 0],
        [0, 4, -4, -1, 1, 0],
        [0, -2, -1, 2, 1, 0],
        [0, 2, -1, -2, 1, 0],
        [0, 4, 0, -5, 0, 1],
    ],
    np.float64,
)
KERNEL_TRANSFORM = np.array(  # G
    [
        [1 / 4, 0, 0],
        [-1 / 6, -1 / 6, -1 / 6],
        [-1 / 6, 1 / 6, -1 / 6],
        [1 / 24, 1 / 12, 1 / 6],
        [1 / 24, -1 / 12, 1 / 6],
        [0, 0, 1],
    ],
    np.float64,
)
OUTPUT_TRANSFORM = np.array(  # A^T
    [[1, 1, 1, 1, 1, 0], [0, 1, -1, 2, -2, 0], [0, 1, 1, 4, 4, 0], [0, 1, -1, 8, -8, 1]], np.float64
)
ACTIVATIONS = ("Relu", "LeakyRelu")  # onnxruntime fuses them with the convolution before them
PAYS_CHANNELS, PAYS_TILES = 48, 64

Pays = Callable[[int, int, int], bool]
"""Channels before and after a convolution, tiles of a run -> whether to rewrite it."""


def pays(before: int, after: int, tiles: int) -> bool:
    """-> whether onnxruntime-web is faster so; measured, see models/training/README.md"""
    return min(before, after) >= PAYS_CHANNELS and tiles >= PAYS_TILES


def with_winograd(model: ModelProto, where: Pays = pays) -> ModelProto | None:
    """A float32 graph -> the same function with other convolutions, or None if there is none to rewrite

    Rewritten are 3 x 3 convolutions of one group, stride 1 and padding 1, of known size. Their kernels are
    transformed in the graph, from the weights that it shares with others; onnxruntime folds that when it
    loads the graph.
    """
    rewriter = _Rewriter(model)
    nodes: list[NodeProto] = []
    for node in model.graph.node:
        if rewriter.fused(node):
            continue
        shape = rewriter.rewritable(node)
        if shape and where(*shape[1:3], shape[0] * _tiles(shape[3]) * _tiles(shape[4])):
            nodes.extend(rewriter.rewritten(node, shape))
        else:
            nodes.append(node)
    if not rewriter.constants:
        return None
    result = ModelProto()
    result.CopyFrom(model)
    result.graph.ClearField("node")
    result.graph.node.extend(nodes)
    result.graph.initializer.extend(rewriter.constants.values())
    return result


def _tiles(pixels: int) -> int:
    return -(-pixels // TILE)


class _Rewriter:
    def __init__(self, model: ModelProto):
        graph = shape_inference.infer_shapes(model).graph
        self.constants: dict[str, TensorProto] = {}
        self.shapes = {
            value.name: [axis.dim_value for axis in value.type.tensor_type.shape.dim]
            for value in (*graph.input, *graph.value_info, *graph.output)
        } | {tensor.name: list(tensor.dims) for tensor in graph.initializer}
        self.readers: dict[str, list[NodeProto]] = {}
        for node in graph.node:
            for name in node.input:
                self.readers.setdefault(name, []).append(node)
        self.results = {value.name for value in graph.output}
        self.done: set[str] = set()

    def rewritable(self, node: NodeProto) -> tuple[int, int, int, int, int] | None:
        """-> slices, channels before and after, rows, columns"""
        if node.op_type != "Conv":
            return None
        kernel, image = self.shapes.get(node.input[1], []), self.shapes.get(node.input[0], [])
        given: dict[str, Any] = {a.name: helper.get_attribute_value(a) for a in node.attribute}
        usual = {"strides": [1, 1], "dilations": [1, 1], "group": 1, "pads": [0] * 4, "auto_pad": b"NOTSET"}
        attributes = usual | given | {"kernel_shape": kernel[2:]}
        if attributes != usual | {"pads": [1] * 4, "kernel_shape": [3, 3]}:
            return None
        if len(image) != 4 or 0 in image:
            return None
        return image[0], kernel[1], kernel[0], image[2], image[3]

    def fused(self, node: NodeProto) -> bool:
        """-> whether the nodes of the convolution before it contain this one"""
        return node.output[0] in self.done

    def activation(self, node: NodeProto) -> NodeProto | None:
        """-> the activation that alone reads the result"""
        readers = self.readers.get(node.output[0], [])
        alone = len(readers) == 1 and node.output[0] not in self.results
        return readers[0] if alone and readers[0].op_type in ACTIVATIONS else None

    def constant(self, name: str, value: Iterable[Any], dtype: type) -> str:
        self.constants[name] = numpy_helper.from_array(np.array(value, dtype), name)
        return name

    def shape(self, *axes: int) -> str:
        return self.constant("winograd_shape_" + "_".join(map(str, axes)), axes, np.int64)

    def transform(self, name: str, value: np.ndarray) -> str:
        return self.constant(f"winograd_{name}", value, np.float32)

    def rewritten(self, node: NodeProto, shape: tuple[int, int, int, int, int]) -> list[NodeProto]:
        """-> the nodes in the place of a convolution and of the activation after it"""
        slices, before, after, rows, columns = shape
        down, across = _tiles(rows), _tiles(columns)
        tiles, places = down * across, WINDOW**2
        nodes: list[NodeProto] = []

        def add(operator: str, *inputs: str, output: str | None = None, **attributes: Any) -> str:
            name = output or f"{node.output[0]}_winograd_{len(nodes)}"
            nodes.append(helper.make_node(operator, inputs, [name], name=name, **attributes))
            return name

        # U = G g G^T: [36, after, before]
        kernel = add("MatMul", self.transform("kernel", KERNEL_TRANSFORM), node.input[1])
        kernel = add("MatMul", kernel, self.transform("kernel_transposed", KERNEL_TRANSFORM.T))
        kernel = add("Reshape", kernel, self.shape(after, before, places))
        kernel = add("Transpose", kernel, perm=[2, 0, 1])

        # V = B^T d B of every window, a convolution of each channel alone: [36, before, slices * tiles]
        transform = np.kron(INPUT_TRANSFORM, INPUT_TRANSFORM).reshape(places, 1, WINDOW, WINDOW)
        windows = add(
            "Conv",
            node.input[0],
            add("Tile", self.transform("input", transform), self.shape(before, 1, 1, 1)),
            group=before,
            kernel_shape=[WINDOW, WINDOW],
            strides=[TILE, TILE],
            pads=[1, 1, 1 + down * TILE - rows, 1 + across * TILE - columns],
        )
        windows = add("Reshape", windows, self.shape(slices, before, places, tiles))
        windows = add("Transpose", windows, perm=[2, 1, 0, 3])
        windows = add("Reshape", windows, self.shape(places, before, slices * tiles))

        # The sum over channels, a matrix product for each of the 36 places.
        products = add("MatMul", kernel, windows)
        products = add("Reshape", products, self.shape(places, after, slices, tiles))
        products = add("Transpose", products, perm=[2, 1, 0, 3])
        products = add("Reshape", products, self.shape(slices, after * places, down, across))

        # Y = A^T M A: 16 channels for the pixels of a tile, then the pixels side by side.
        transform = np.kron(OUTPUT_TRANSFORM, OUTPUT_TRANSFORM).reshape(TILE**2, places, 1, 1)
        transforms = [add("Tile", self.transform("output", transform), self.shape(after, 1, 1, 1))]
        if len(node.input) > 2:
            bias = add("Reshape", node.input[2], self.shape(after, 1))
            bias = add("Expand", bias, self.shape(after, TILE**2))
            transforms.append(add("Reshape", bias, self.shape(after * TILE**2)))
        result = add("Conv", products, *transforms, group=after, kernel_shape=[1, 1])
        activation, end = self.activation(node), node.output[0]
        if activation:
            attributes = {a.name: helper.get_attribute_value(a) for a in activation.attribute}
            result, end = add(activation.op_type, result, **attributes), activation.output[0]
            self.done.add(end)
        whole = rows % TILE == 0 and columns % TILE == 0
        result = add("DepthToSpace", result, blocksize=TILE, mode="CRD", output=end if whole else None)
        if not whole:
            bounds = self.shape(0, 0), self.shape(rows, columns), self.shape(2, 3)
            add("Slice", result, *bounds, output=end)
        return nodes
