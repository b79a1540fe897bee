"""The trained networks as ONNX files, in single and half precision, and the manifest that describes them."""
from __future__ import annotations

import hashlib
import json
import warnings
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
import onnx
import onnxruntime
import torch
from onnxruntime.transformers.float16 import DEFAULT_OP_BLOCK_LIST, convert_float_to_float16
from torch import Tensor, nn

from . import CEILING, CONTRASTS, NEIGHBOURS, flops
from .card import write_card
from .config import Config
from .cunet import CUNet
from .diffusion import MAX_PERIOD, alpha_bar, ddim_timesteps
from .mdn import Mdn
from .mix import Mix, bare_mix, load_mix
from .mrm import MrmEncoder
from .noise import uniforms
from .train_cunet import cunet_file
from .train_mdn import mdn_file
from .train_mrm import load_encoder
from .training import load_average
from .unet import UNet, fuse

FORMAT = "modality-synthesis-bundle/2"
OPSET = 17
PROBES = 32  # values of each output that the self-test compares
SELF_TEST_SEED = 20409
TOLERANCE = {"fp32": 1e-4, "fp16": 1e-2}
SINGLE_IN_HALF = {*DEFAULT_OP_BLOCK_LIST, "LayerNormalization", "InstanceNormalization"} - {"Resize"}
"""Operators that stay in single precision in a half-precision graph."""


@dataclass(frozen=True)
class Network:
    module: nn.Module
    inputs: dict[str, Tensor]
    outputs: list[str]


def mrm_network(config: Config, encoder: nn.Module) -> Network:
    return Network(encoder, {"image": torch.rand(config.grid.slab, 2 * NEIGHBOURS + 1, config.grid.size, config.grid.size)}, ["tokens"])


def mdn_network(config: Config, mdn: nn.Module) -> Network:
    slab, count, channels = config.grid.slab, config.token_count, config.tokens.channels
    inputs = {"noisy": torch.randn(slab, count, channels), "time": torch.randn(slab, config.mdn.embedding),
              "condition": torch.randn(slab, count, len(CONTRASTS) * channels), "availability": torch.ones(slab, len(CONTRASTS))}
    return Network(mdn, inputs, ["clean"])


class ShippedDecoder(nn.Module):
    """The decoder as a graph: feature maps as separate inputs, the prediction mixed with the sources."""

    def __init__(self, decoder: nn.Module, mix: np.ndarray):
        super().__init__()
        self.decoder, self.mix = decoder, Mix(mix)

    def forward(self, *inputs: Tensor) -> tuple[Tensor, Tensor]:
        """f0 ... fN, tokens, certainty, target, availability -> prediction, scale"""
        *features, tokens, certainty, target, availability = inputs
        prediction, scale = self.decoder(tuple(features), tokens, certainty, target, availability)
        return self.mix(prediction, features[0], target, availability), scale


def cunet_networks(config: Config, encoder: nn.Module, decoder: nn.Module, mix: np.ndarray, member: int) -> dict[str, Network]:
    """`decoder` takes (features, tokens, certainty, target, availability)"""
    slab, size, contrasts = config.grid.slab, config.grid.size, len(CONTRASTS)
    for half in (encoder, decoder):
        fuse(half)
    flags, target = torch.ones(slab, contrasts), torch.eye(contrasts)[:1].repeat(slab, 1)
    images = torch.rand(slab, contrasts * (2 * NEIGHBOURS + 1), size, size)
    with torch.no_grad():
        features = encoder(images, flags)
    names = [f"f{i}" for i in range(len(features))]
    inputs = {**dict(zip(names, features)), "tokens": torch.randn(slab, config.token_count, config.tokens.channels),
              "certainty": torch.full((slab, 1), 0.5), "target": target, "availability": flags}
    return {f"cunet-encoder-{member}": Network(encoder, {"images": images, "availability": flags}, names),
            f"cunet-decoder-{member}": Network(ShippedDecoder(decoder, mix), inputs, ["prediction", "scale"])}


def trained_networks(config: Config, run: Path) -> dict[str, Network]:
    """-> the networks of a bundle by name"""
    found = {f"mrm-{name}": mrm_network(config, load_encoder(config, run, c)) for c, name in enumerate(CONTRASTS)}
    found |= {f"mdn-{name}": mdn_network(config, load_average(Mdn(config), mdn_file(run, c))) for c, name in enumerate(CONTRASTS)}
    for member in range(config.members):
        cunet = load_average(CUNet(config), cunet_file(run, member))
        found |= cunet_networks(config, cunet.encoder, cunet.decoder, load_mix(run), member)
    return found


def untrained_networks(config: Config) -> dict[str, Network]:
    """-> the networks of a bundle's first member by name, with random weights: for what depends on their shape only"""
    cunet, mrm, mdn = CUNet(config).eval(), MrmEncoder(config).eval(), Mdn(config).eval()
    found = {f"mrm-{name}": mrm_network(config, mrm) for name in CONTRASTS} | {f"mdn-{name}": mdn_network(config, mdn) for name in CONTRASTS}
    return found | cunet_networks(config, cunet.encoder, cunet.decoder, bare_mix(), 0)


class Unguided(nn.Module):
    """The plain U-Net's decoder with the C-UNet's inputs; the tokens count for nothing."""

    def __init__(self, decoder: nn.Module):
        super().__init__()
        self.decoder = decoder

    def forward(self, features: tuple[Tensor, ...], tokens: Tensor, certainty: Tensor, target: Tensor,
                availability: Tensor) -> tuple[Tensor, Tensor]:
        prediction, scale = self.decoder(features, target, availability)
        return prediction + 0 * (tokens.mean() + certainty.mean()), scale


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
        if worst > TOLERANCE["fp32"] * max(1.0, float(b.abs().max())):
            raise RuntimeError(f"{path.name}: {name} differs from PyTorch by {worst}")
    return {name: list(a.shape) for name, a in zip(network.outputs, actual)}


def write_half(single: Path, half: Path) -> None:
    """The same graph with weights and activations in half precision; inputs, outputs and norms stay single."""
    half.parent.mkdir(parents=True, exist_ok=True)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # weights too small for half precision
        onnx.save(convert_float_to_float16(onnx.load(single), keep_io_types=True, op_block_list=sorted(SINGLE_IN_HALF)), half)


def self_test_inputs(shapes: dict[str, list[int]], seed: int) -> dict[str, np.ndarray]:
    """-> float32 inputs of a network, filled one after the other with one run of mulberry32"""
    sizes = [int(np.prod(shape)) for shape in shapes.values()]
    values = np.split(uniforms(seed, sum(sizes)).astype(np.float32), np.cumsum(sizes)[:-1])
    return {name: value.reshape(shape) for (name, shape), value in zip(shapes.items(), values)}


def self_test_outputs(path: Path, shapes: dict[str, list[int]], seed: int) -> dict[str, list[float]]:
    """-> of each output PROBES evenly spaced values"""
    session = onnxruntime.InferenceSession(path, providers=["CPUExecutionProvider"])
    names = [output.name for output in session.get_outputs()]
    outputs = session.run(names, self_test_inputs(shapes, seed))
    return {name: [round(float(output.flat[i * output.size // PROBES]), 6) for i in range(PROBES)] for name, output in zip(names, outputs)}


def file_entry(bundle: Path, path: Path) -> dict[str, Any]:
    content = path.read_bytes()
    return {"path": path.relative_to(bundle).as_posix(), "bytes": len(content), "sha256": hashlib.sha256(content).hexdigest()}


def write_networks(config: Config, networks: dict[str, Network], bundle: Path, half: bool = True) -> dict[str, Any]:
    """Write every network -> the manifest's `networks`, `files` and `self_test`"""
    (bundle / "fp32").mkdir(parents=True, exist_ok=True)
    described, probes = {}, {}
    files: dict[str, dict[str, Any]] = {"fp32": {}, **({"fp16": {}} if half else {})}
    for name, network in networks.items():
        path = bundle / "fp32" / f"{name}.onnx"
        outputs = write_onnx(network, path)
        inputs = {key: list(value.shape) for key, value in network.inputs.items()}
        described[name] = {"inputs": inputs, "outputs": outputs, "flops": flops.count(network.module, tuple(network.inputs.values()))}
        probes[name] = self_test_outputs(path, inputs, SELF_TEST_SEED)
        files["fp32"][name] = file_entry(bundle, path)
        if half:
            write_half(path, bundle / "fp16" / path.name)
            files["fp16"][name] = file_entry(bundle, bundle / "fp16" / path.name)
        print(f"{name}: {files['fp32'][name]['bytes']} bytes, {described[name]['flops'] / config.grid.slab / 1e6:.1f} MFLOP a slice", flush=True)
    return {"networks": described, "files": files,
            "self_test": {"seed": SELF_TEST_SEED, "tolerance": TOLERANCE, "networks": probes}}


def manifest(config: Config, written: dict[str, Any]) -> dict[str, Any]:
    """Without metrics: those of earlier weights do not hold any more."""
    timesteps = ddim_timesteps(config.mdn.diffusion_steps, config.mdn.ddim_steps)
    return {
        "format": FORMAT,
        "id": config.id,
        "version": config.version,
        "name": config.name,
        "method": "cdm",
        **asdict(config.about),
        "contrasts": list(CONTRASTS),
        "grid": {"spacing": [config.grid.spacing] * 3, "size": [config.grid.size] * 2, "slab": config.grid.slab,
                 "neighbours": NEIGHBOURS},
        "normalization": {"region": "brain", "lower_percentile": 0.5, "upper_percentile": 99.5, "ceiling": CEILING},
        "tokens": {"count": config.token_count, "channels": config.tokens.channels, "step_mm": config.tokens.step_mm},
        "scheduler": {"kind": "ddim", "diffusion_steps": config.mdn.diffusion_steps, "timesteps": timesteps,
                      "alpha_bar": [float(a) for a in alpha_bar(config.mdn.diffusion_steps)[timesteps]],
                      "embedding": {"size": config.mdn.embedding, "max_period": MAX_PERIOD}},
        "members": config.members,
        "samples": min(config.samples, config.members),
        "guidance": config.guidance,
        "uncertainty": {"factor": {name: 1.0 for name in CONTRASTS}},
        **written,
        "metrics": {},
    }


def write_manifest(bundle: Path, content: dict[str, Any]) -> None:
    (bundle / "bundle.json").write_text(json.dumps(content, indent=1) + "\n")


def refresh_words(config: Config, bundle: Path) -> None:
    """What the configuration says about the bundle, into an exported manifest."""
    write_manifest(bundle, json.loads((bundle / "bundle.json").read_text()) | {"version": config.version} | asdict(config.about))


def export(config: Config, run: Path, bundle: Path) -> None:
    """The bundle that ships."""
    written = write_networks(config, trained_networks(config, run), bundle)
    write_manifest(bundle, manifest(config, written))
    (bundle / "evaluation.json").unlink(missing_ok=True)
    write_card(bundle)
    print_budget(config, written)


def export_plain(config: Config, run: Path, unet: UNet, shipped: Path, bundle: Path) -> None:
    """A plain U-Net in the place of the shipped bundle's members. All else is the bundle's; MRM and MDN, which nothing asks without guidance, are
    described but not copied."""
    written = write_networks(config, cunet_networks(config, unet.encoder, Unguided(unet.decoder), load_mix(run), 0), bundle, half=False)
    content = json.loads((shipped / "bundle.json").read_text())
    content["networks"] |= written["networks"]
    content["files"] = {"fp32": content["files"]["fp32"] | written["files"]["fp32"]}
    content["self_test"]["networks"] |= written["self_test"]["networks"]
    write_manifest(bundle, content | {"members": 1, "unguided": [], "samples": 1, "guidance": "none", "metrics": {}})


def print_budget(config: Config, written: dict[str, Any]) -> None:
    described, slab = written["networks"], config.grid.slab
    kinds = {"mrm": "mrm-t1", "mdn": "mdn-t1", "cunet-encoder": "cunet-encoder-0", "cunet-decoder": "cunet-decoder-0"}
    cost = {kind: described[name]["flops"] for kind, name in kinds.items()}
    slices = 150 // config.grid.spacing
    keys = -(-slices * config.grid.spacing // config.tokens.step_mm) + 1
    whole = flops.of_volume(cost, slab, slices, keys, sources=3, steps=config.mdn.ddim_steps, samples=1)
    for precision, files in written["files"].items():
        print(f"{config.id}: {precision} {sum(f['bytes'] for f in files.values()) / 1e6:.1f} MB")
    print(f"{config.id}: {whole / slices / 1e9:.2f} GFLOP a slice and sample, all networks ({slices} slices, 3 sources)")
