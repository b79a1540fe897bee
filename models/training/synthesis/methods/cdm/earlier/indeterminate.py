"""A region in which something cannot be told, for the bundle of tests: no network here learned one, so bright
T1ce stands for it. The predictions stay as they are."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

import numpy as np
import onnx
import onnx.numpy_helper
from onnx import TensorProto, helper

OUTPUT, TARGET = "enhancement", "t1ce"
MIDDLE, STEEPNESS = 0.45, 10.0  # normalized intensity whose probability is 1/2; per unit of intensity
RULE = {TARGET: {"output": OUTPUT, "above": 0.5, "text": "Enhancement cannot be told here."}}


def with_probability(model: onnx.ModelProto) -> onnx.ModelProto:
    """A decoder -> the same with an output OUTPUT: a logistic function of its prediction"""
    graph = model.graph
    shape = [d.dim_value for d in graph.output[0].type.tensor_type.shape.dim]
    values = {"middle": MIDDLE, "steepness": STEEPNESS}
    graph.initializer.extend(
        onnx.numpy_helper.from_array(np.float32(value), f"{OUTPUT}_{name}") for name, value in values.items()
    )
    graph.node.extend(
        [
            helper.make_node("Sub", ["prediction", f"{OUTPUT}_middle"], [f"{OUTPUT}_above"]),
            helper.make_node("Mul", [f"{OUTPUT}_above", f"{OUTPUT}_steepness"], [f"{OUTPUT}_logit"]),
            helper.make_node("Sigmoid", [f"{OUTPUT}_logit"], [OUTPUT]),
        ]
    )
    graph.output.append(helper.make_tensor_value_info(OUTPUT, TensorProto.FLOAT, shape))
    return model


def add_indeterminate(bundle: Path) -> None:
    """Give every decoder of a bundle the output, and its manifest the rule. Raises ValueError if it
    has it."""
    path = bundle / "bundle.json"
    manifest = json.loads(path.read_text())
    if "indeterminate" in manifest:
        raise ValueError(f"{path} has a rule for what cannot be told already.")
    for name in (f"cunet-decoder-{k}" for k in range(manifest["members"])):
        for precision in ("fp32", "fp16"):
            file = manifest["files"][precision][name]
            onnx.save(with_probability(onnx.load(bundle / file["path"])), bundle / file["path"])
            content = (bundle / file["path"]).read_bytes()
            file |= {"bytes": len(content), "sha256": hashlib.sha256(content).hexdigest()}
        outputs = manifest["networks"][name]["outputs"]
        outputs[OUTPUT] = outputs["prediction"]
        tested = manifest["self_test"]["networks"][name]
        logits = STEEPNESS * (np.array(tested["prediction"]) - MIDDLE)
        tested[OUTPUT] = [round(float(p), 6) for p in 1 / (1 + np.exp(-logits))]
    manifest["indeterminate"] = RULE
    path.write_text(json.dumps(manifest, indent=1) + "\n")
