"""Convolutions by Winograd's F(4, 3) along the rows, written in standard operators: half the multiplications
where the runtime itself has no such kernel (A. Lavin, S. Gray, arXiv 1509.09308)."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any

import numpy as np
from onnx import ModelProto, NodeProto, TensorProto, helper, numpy_helper, shape_inference

TILE = 4  # rows of the result that are computed together
WINDOW = 6  # rows of the input that they need
INPUT_TRANSFORM = [  # B^T
    [4, 0, -5, 0, 1, 0],
    [0, -4, -4, 1, 1, 0],
    [0, 4, -4, -1, 1, 0],
    [0, -2, -1, 2, 1, 0],
    [0, 2, -1, -2, 1, 0],
    [0, 4, 0, -5, 0, 1],
]
KERNEL_TRANSFORM: list[list[float]] = [  # G
    [1 / 4, 0, 0],
    [-1 / 6, -1 / 6, -1 / 6],
    [-1 / 6, 1 / 6, -1 / 6],
    [1 / 24, 1 / 12, 1 / 6],
    [1 / 24, -1 / 12, 1 / 6],
    [0, 0, 1],
]
OUTPUT_TRANSFORM = [  # A^T
    [1, 1, 1, 1, 1, 0],
    [0, 1, -1, 2, -2, 0],
    [0, 1, 1, 4, 4, 0],
    [0, 1, -1, 8, -8, 1],
]
ACTIVATIONS = ("Relu", "LeakyRelu")  # onnxruntime fuses them with the convolution before them
PAYS_CHANNELS, PAYS_PIXELS = 24, 144

Pays = Callable[[int, int, int], bool]
"""Channels before and after a convolution, pixels of a slice -> whether to rewrite it."""


def pays(before: int, after: int, pixels: int) -> bool:
    """-> whether onnxruntime-web is faster so; measured, see models/training/RESULTS.md"""
    return min(before, after) >= PAYS_CHANNELS and pixels >= PAYS_PIXELS


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
        if shape and where(*shape[1:3], shape[3] * shape[4]):
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

    def transform(self, name: str, value: Sequence[Sequence[float]], *axes: int) -> str:
        return self.constant(f"winograd_{name}", np.reshape(value, axes), np.float32)

    def rewritten(self, node: NodeProto, shape: tuple[int, int, int, int, int]) -> list[NodeProto]:
        """-> the nodes in the place of a convolution and of the activation after it"""
        slices, before, after, rows, columns = shape
        tiles = -(-rows // TILE)
        nodes: list[NodeProto] = []

        def add(operator: str, *inputs: str, output: str | None = None, **attributes: Any) -> str:
            name = output or f"{node.output[0]}_winograd_{len(nodes)}"
            nodes.append(helper.make_node(operator, inputs, [name], name=name, **attributes))
            return name

        def exchanged(image: str, groups: int, channels: int) -> str:
            """[slices, groups * channels, tiles, columns], channels in groups -> in channels of groups"""
            image = add("Reshape", image, self.shape(slices, groups, channels, tiles * columns))
            image = add("Transpose", image, perm=[0, 2, 1, 3])
            return add("Reshape", image, self.shape(slices, groups * channels, tiles, columns))

        # G g of every kernel: [6 * after, before, 1, 3]
        kernel = add("Transpose", node.input[1], perm=[2, 0, 1, 3])
        kernel = add("Reshape", kernel, self.shape(3, after * before * 3))
        kernel = add("MatMul", self.transform("kernel", KERNEL_TRANSFORM, WINDOW, 3), kernel)
        kernel = add("Reshape", kernel, self.shape(WINDOW * after, before, 1, 3))

        # B^T d of every window, a convolution of each channel alone: 6 channels for one.
        transform = self.transform("input", INPUT_TRANSFORM, WINDOW, 1, WINDOW, 1)
        image = add(
            "Conv",
            node.input[0],
            add("Tile", transform, self.shape(before, 1, 1, 1)),
            group=before,
            kernel_shape=[WINDOW, 1],
            strides=[TILE, 1],
            pads=[1, 0, 1 + tiles * TILE - rows, 0],
        )

        # Each of the 6 is a convolution along the columns.
        image = exchanged(image, before, WINDOW)
        image = add("Conv", image, kernel, group=WINDOW, kernel_shape=[1, 3], pads=[0, 1, 0, 1])
        image = exchanged(image, WINDOW, after)

        # A^T m: 4 channels for the rows of a tile, then these below one another.
        transform = self.transform("output", OUTPUT_TRANSFORM, TILE, WINDOW, 1, 1)
        transforms = [add("Tile", transform, self.shape(after, 1, 1, 1))]
        if len(node.input) > 2:
            bias = add("Reshape", node.input[2], self.shape(after, 1))
            bias = add("Expand", bias, self.shape(after, TILE))
            transforms.append(add("Reshape", bias, self.shape(after * TILE)))
        image = add("Conv", image, *transforms, group=after, kernel_shape=[1, 1])
        activation, end = self.activation(node), node.output[0]
        if activation:
            attributes = {a.name: helper.get_attribute_value(a) for a in activation.attribute}
            image, end = add(activation.op_type, image, **attributes), activation.output[0]
            self.done.add(end)
        image = add("Reshape", image, self.shape(slices, after, TILE, tiles, columns))
        image = add("Transpose", image, perm=[0, 1, 3, 2, 4])
        whole = rows % TILE == 0
        result = self.shape(slices, after, tiles * TILE, columns)
        image = add("Reshape", image, result, output=end if whole else None)
        if not whole:
            add("Slice", image, self.shape(0), self.shape(rows), self.shape(2), output=end)
        return nodes
