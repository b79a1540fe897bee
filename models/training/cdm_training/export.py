"""The trained networks as ONNX files, and the manifest that describes them."""
from __future__ import annotations

import hashlib
import json
import warnings
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import onnx
import onnxruntime
import torch
from torch import Tensor, nn

from . import CEILING, CONTRASTS, NEIGHBOURS, flops
from .card import write_card
from .config import Config
from .cunet import AnchoredDecoder, CUNet
from .diffusion import MAX_PERIOD, alpha_bar, ddim_timesteps
from .mdn import Mdn
from .train_mrm import load_encoder
from .training import load_average

OPSET = 17


@dataclass(frozen=True)
class Network:
    module: nn.Module
    inputs: dict[str, Tensor]
    outputs: list[str]


def networks(config: Config, run: Path) -> dict[str, Network]:
    """-> the trained networks by name, with example inputs"""
    slab, size, contrasts = config.grid.slab, config.grid.size, len(CONTRASTS)
    count, channels, planes = config.token_count, config.tokens.channels, 2 * NEIGHBOURS + 1
    tokens, flags = torch.randn(slab, count, channels), torch.ones(slab, contrasts)
    found = {}
    for contrast, name in enumerate(CONTRASTS):
        found[f"mrm-{name}"] = Network(load_encoder(config, run, contrast), {"image": torch.rand(slab, planes, size, size)}, ["tokens"])
    for name in CONTRASTS:
        inputs = {"noisy": tokens, "time": torch.randn(slab, config.mdn.embedding),
                  "condition": torch.randn(slab, count, contrasts * channels), "availability": flags}
        found[f"mdn-{name}"] = Network(load_average(Mdn(config), run / f"mdn-{name}.pt"), inputs, ["clean"])
    cunet = load_average(CUNet(config), run / "cunet.pt")
    cunet.fuse()
    images = torch.rand(slab, contrasts * planes, size, size)
    with torch.no_grad():
        features = cunet.encoder(images, flags)
    names = [f"f{i}" for i in range(len(features))]
    found["cunet-encoder"] = Network(cunet.encoder, {"images": images, "availability": flags}, names)
    target = torch.eye(contrasts)[:1].repeat(slab, 1)
    inputs = {**dict(zip(names, features)), "tokens": tokens, "target": target, "availability": flags}
    found["cunet-decoder"] = Network(AnchoredDecoder(cunet.decoder, config), inputs, ["prediction"])
    return found


def simplify(path: Path) -> None:
    """Fold constants and shape arithmetic in place; only standard operators remain."""
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
    """Write the network and check it against PyTorch -> the shapes of its outputs"""
    arguments = tuple(network.inputs.values())
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        torch.onnx.export(network.module, arguments, str(path), input_names=list(network.inputs), output_names=network.outputs,
                          opset_version=OPSET, dynamo=False, do_constant_folding=True)
    simplify(path)
    with torch.no_grad():
        expected = network.module(*arguments)
    expected = expected if isinstance(expected, tuple) else (expected,)
    session = onnxruntime.InferenceSession(path, providers=["CPUExecutionProvider"])
    actual = session.run(network.outputs, {name: value.numpy() for name, value in network.inputs.items()})
    for name, a, b in zip(network.outputs, actual, expected):
        worst = float(np.abs(a - b.numpy()).max())
        if worst > 1e-3 * max(1.0, float(b.abs().max())):
            raise RuntimeError(f"{path.name}: {name} differs from PyTorch by {worst}")
    return {name: list(a.shape) for name, a in zip(network.outputs, actual)}


def export(config: Config, run: Path, bundle: Path) -> None:
    """Write `fp32/*.onnx` and `bundle.json`, without metrics: those of earlier weights do not hold any more."""
    (bundle / "fp32").mkdir(parents=True, exist_ok=True)
    described, files = {}, {}
    for name, network in networks(config, run).items():
        path = bundle / "fp32" / f"{name}.onnx"
        outputs = write_onnx(network, path)
        operations = flops.count(network.module, tuple(network.inputs.values()))
        described[name] = {"inputs": {key: list(value.shape) for key, value in network.inputs.items()}, "outputs": outputs,
                           "flops": operations}
        content = path.read_bytes()
        files[name] = {"path": f"fp32/{name}.onnx", "bytes": len(content), "sha256": hashlib.sha256(content).hexdigest()}
        print(f"{name}: {len(content)} bytes, {operations / config.grid.slab / 1e6:.1f} MFLOP a slice", flush=True)
    timesteps = ddim_timesteps(config.mdn.diffusion_steps, config.mdn.ddim_steps)
    manifest = {
        "format": "modality-synthesis-bundle/1",
        "id": config.id,
        "version": config.version,
        "name": config.name,
        "method": "cdm",
        "changelog": config.about.changelog,
        "intended_use": config.about.intended_use,
        "limitations": config.about.limitations,
        "data_sources": config.about.data_sources,
        "license": config.about.license,
        "contrasts": list(CONTRASTS),
        "grid": {"spacing": [config.grid.spacing] * 3, "size": [config.grid.size] * 2, "slab": config.grid.slab,
                 "neighbours": NEIGHBOURS},
        "normalization": {"region": "brain", "lower_percentile": 0.5, "upper_percentile": 99.5, "ceiling": CEILING},
        "tokens": {"count": config.token_count, "channels": config.tokens.channels, "step_mm": config.tokens.step_mm},
        "scheduler": {"kind": "ddim", "timesteps": timesteps,
                      "alpha_bar": [float(a) for a in alpha_bar(config.mdn.diffusion_steps)[timesteps]],
                      "embedding": {"size": config.mdn.embedding, "max_period": MAX_PERIOD}},
        "samples": config.samples,
        "networks": described,
        "files": {"fp32": files},
        "metrics": {},
    }
    (bundle / "bundle.json").write_text(json.dumps(manifest, indent=2) + "\n")
    (bundle / "evaluation.json").unlink(missing_ok=True)
    write_card(bundle)
    kinds = {name.removesuffix("-t1"): described[name]["flops"] for name in ("mrm-t1", "mdn-t1", "cunet-encoder", "cunet-decoder")}
    slices = 150 // config.grid.spacing
    keys = -(-slices * config.grid.spacing // config.tokens.step_mm) + 1
    whole = flops.of_volume(kinds, config.grid.slab, slices, keys, sources=3, steps=config.mdn.ddim_steps, samples=1)
    print(f"{config.id}: {sum(f['bytes'] for f in files.values())} bytes; {slices} slices, 3 sources, 1 sample: {whole / 1e9:.3f} GFLOP")
