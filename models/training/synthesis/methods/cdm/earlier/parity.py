"""Agreement and speed of the runtimes: PyTorch, onnxruntime in Python, and the engine on onnxruntime-node."""

from __future__ import annotations

import os
import time
from typing import Any

import numpy as np
import torch

from ....common.bundle import (
    SELF_TEST_SEED,
    Network,
    open_network,
    self_test_inputs,
    weights_path,
)
from ....common.half_weights import round_weights
from . import CONTRASTS
from .engine import SEED, synthesize
from .evaluation import Evaluation
from .export import trained_networks, untrained_networks
from .metrics import compare
from .pipeline import Bundle

REPEATS = 3
ROWS = {"mrm": "tokens", "mdn": "diffusion", "cunet": "images"}


def table(e: Evaluation) -> dict[str, Any]:
    """-> largest differences between PyTorch and onnxruntime, network by network, and, on a validation
    patient, between the Python reference and the engine and between single and half precision"""
    patient = e.validation[0]
    bundle = Bundle(e.bundle, e.threads or 1)
    single = [e.job(patient, t, samples=1) for t in patient.targets]
    half = [e.job(patient, t, samples=1, precision="fp16") for t in patient.targets]
    results = [result.mean for _, result in synthesize(single + half, e.work)]
    ones, halves = results[: len(single)], results[len(single) :]
    truth = [
        compare(x, patient.volumes()[t], patient.brain, brasyn=False)["psnr"]
        for x, t in zip(ones, patient.targets)
    ]
    in_half = [
        compare(x, patient.volumes()[t], patient.brain, brasyn=False)["psnr"]
        for x, t in zip(halves, patient.targets)
    ]
    target = patient.targets[0]
    reference, _ = bundle.synthesize(patient.volumes(), patient.brain, single[0].sources, target, SEED, 1)
    return {
        "PyTorch to onnxruntime, networks: largest difference": networks_difference(e),
        f"Python reference to engine, a whole {CONTRASTS[target]} volume: largest difference": float(
            np.abs(reference - ones[0]).max()
        ),
        "fp16 to fp32 in the engine, four volumes: largest difference": max(
            float(np.abs(a - b).max()) for a, b in zip(ones, halves)
        ),
        "fp16 to fp32 in the engine, four volumes: 99.9th percentile difference": max(
            float(np.percentile(np.abs(a - b)[np.asarray(patient.brain)], 99.9)) for a, b in zip(ones, halves)
        ),
        "fp16 to fp32 in the engine: largest change of psnr, dB": round(
            max(abs(a - b) for a, b in zip(truth, in_half)), 4
        ),
    }


@torch.no_grad()
def networks_difference(e: Evaluation) -> float:
    """-> the largest difference between PyTorch and onnxruntime, relative to outputs above 1"""
    worst = 0.0
    for name, network in trained_networks(e.config, e.run).items():
        inputs = self_test_inputs(
            {key: list(value.shape) for key, value in network.inputs.items()}, SELF_TEST_SEED
        )
        if (e.bundle / weights_path(name)).exists():
            round_weights(network.module)
        session = open_network(e.bundle, name)
        expected = network.module(*(torch.from_numpy(x) for x in inputs.values()))
        for a, b in zip(
            session.run(network.outputs, inputs), expected if isinstance(expected, tuple) else (expected,)
        ):
            worst = max(worst, float(np.abs(a - b.numpy()).max()) / max(1.0, float(b.abs().max())))
    return worst


@torch.no_grad()
def speed(e: Evaluation) -> dict[str, Any]:
    """-> milliseconds a slice of the engine's stages on one validation patient, and of as many runs of
    networks of the same shape in PyTorch"""
    threads = e.threads or os.cpu_count() or 1
    torch.set_num_threads(threads)
    patient = e.validation[0]
    target = patient.targets[-1]
    jobs = [e.job(patient, target, samples=1, threads=threads)] * (REPEATS + 1)
    reports = [result.report["seconds"] for _, result in synthesize(jobs, e.work)][1:]
    slab, slices = e.config.grid.slab, patient.depth
    slabs = -(-slices // slab)
    key_slabs = -(-len(np.arange(0, slices, e.config.tokens.step_mm)) // slab)
    name = CONTRASTS[target]
    networks = untrained_networks(e.config)
    runs = {
        "MRM": [(f"mrm-{CONTRASTS[s]}", key_slabs) for s in jobs[0].sources],
        "MDN": [(f"mdn-{name}", key_slabs * e.config.mdn.ddim_steps)],
        "C-UNet": [("cunet-encoder-0", slabs), ("cunet-decoder-0", slabs)],
    }
    stages = {}
    for stage, key in zip(runs, ROWS.values()):
        engine = min(report[key] for report in reports)
        pytorch = sum(count * timed(networks[network]) for network, count in runs[stage])
        stages[stage] = {
            "engine": round(1000 * engine / slices, 2),
            "pytorch": round(1000 * pytorch / slices, 2),
            "ratio": round(engine / pytorch, 2),
        }
    return {"threads": threads, "stages": stages}


def timed(network: Network) -> float:
    """-> seconds of one run, the fastest of a few"""
    arguments = tuple(network.inputs.values())
    network.module(*arguments)
    seconds = []
    for _ in range(REPEATS):
        start = time.perf_counter()
        network.module(*arguments)
        seconds.append(time.perf_counter() - start)
    return min(seconds)
