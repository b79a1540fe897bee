"""The C-UNet of an earlier bundle (format 1) as one more member of an exported one.

Networks trained apart make different errors, so their mean is better than each. The adopted network is not
conditioned on the bundle's tokens, because it was trained with others, and its expected error is a constant.
"""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

from ....common.bundle import self_test_of, write_manifest, write_shared
from .card import write_card

TYPICAL_ERROR = 0.08  # normalized intensity


def adopt(earlier: Path, bundle: Path) -> None:
    """Add the cunet-encoder and cunet-decoder of the bundle `earlier` to `bundle` as its last member.

    This removes the measured figures of `bundle`, which no longer hold.
    """
    old, manifest = (json.loads((folder / "bundle.json").read_text()) for folder in (earlier, bundle))
    number = manifest["members"]
    encoder, decoder = f"cunet-encoder-{number}", f"cunet-decoder-{number}"
    (bundle / "fp32" / f"{encoder}.onnx").write_bytes(
        (earlier / old["files"]["fp32"]["cunet-encoder"]["path"]).read_bytes()
    )
    inputs = unconditioned_decoder(
        earlier / old["files"]["fp32"]["cunet-decoder"]["path"], bundle / "fp32" / f"{decoder}.onnx"
    )
    images = old["networks"]["cunet-decoder"]["outputs"]["prediction"]
    manifest["networks"] |= {
        encoder: old["networks"]["cunet-encoder"],
        decoder: {
            "inputs": inputs,
            "outputs": {"prediction": images, "scale": images},
            "flops": old["networks"]["cunet-decoder"]["flops"],
        },
    }
    for name in (encoder, decoder):
        entries = write_shared(onnx.load(bundle / "fp32" / f"{name}.onnx"), bundle, name)
        for key, entry in entries.items():
            manifest["files"].setdefault(key, {})[name] = entry
        test = manifest["self_test"]
        test["networks"][name] = self_test_of(
            bundle, name, manifest["networks"][name]["inputs"], test["seed"]
        )
    manifest |= {
        "members": number + 1,
        "unguided": [*manifest.get("unguided", []), number],
        "samples": manifest["samples"] + 1,
        "metrics": {},
    }
    write_manifest(bundle, manifest)
    (bundle / "evaluation.json").unlink(missing_ok=True)
    write_card(bundle)


def unconditioned_decoder(decoder: Path, result: Path) -> dict[str, list[int]]:
    """Write the decoder with the inputs and outputs of the current format; it ignores the tokens -> the
    shapes of its inputs"""
    model = onnx.load(decoder)
    graph = model.graph
    for node in graph.node:
        node.input[:] = ["tokens_ignored" if name == "tokens" else name for name in node.input]
    slab = graph.input[0].type.tensor_type.shape.dim[0].dim_value
    names = [i.name for i in graph.input]
    graph.input.insert(
        names.index("tokens") + 1, helper.make_tensor_value_info("certainty", TensorProto.FLOAT, [slab, 1])
    )
    constants = {"nothing": 0, "typical_error": TYPICAL_ERROR}
    graph.initializer.extend(
        numpy_helper.from_array(np.array(value, np.float32), name) for name, value in constants.items()
    )
    graph.node.insert(0, helper.make_node("Mul", ["tokens", "nothing"], ["tokens_ignored"]))
    graph.node.extend(
        [
            helper.make_node("Mul", ["prediction", "nothing"], ["no_error"]),
            helper.make_node("Add", ["no_error", "typical_error"], ["scale"]),
        ]
    )
    prediction = [d.dim_value for d in graph.output[0].type.tensor_type.shape.dim]
    graph.output.append(helper.make_tensor_value_info("scale", TensorProto.FLOAT, prediction))
    onnx.checker.check_model(model, full_check=True)
    onnx.save(model, result)
    return {i.name: [d.dim_value for d in i.type.tensor_type.shape.dim] for i in graph.input}
