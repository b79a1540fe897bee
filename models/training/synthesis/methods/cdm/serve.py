"""The C-UNets of a bundle of `cdm-residual` as a model of NVIDIA Triton (Python backend): slices of a
prepared stack in, their means, expected errors and probabilities of lesions out, as the engine computes them
in a browser.

`npm run export-server` writes this file into a model repository as model.py; it needs NumPy and onnxruntime.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import onnxruntime as ort

OUTPUTS = ("mean", "scale", "lesion")


class Model:
    """Bundle in a folder -> its C-UNets on a device: a number of a GPU, or None for the processor"""

    def __init__(self, folder: Path, gpu: int | None = None):
        manifest = json.loads((folder / "bundle.json").read_text())
        self.roles: list[str] = manifest["roles"]
        self.size: list[int] = manifest["grid"]["size"]
        self.slab: int = manifest["grid"]["slab"]
        self.neighbours: int = manifest["grid"]["neighbours"]
        self.ceiling: float = manifest["normalization"]["ceiling"]
        cpu = "CPUExecutionProvider"
        providers = [cpu] if gpu is None else [("CUDAExecutionProvider", {"device_id": gpu}), cpu]
        options = ort.SessionOptions()
        # The graphs name their weights by the path in the bundle.
        options.add_session_config_entry("session.model_external_initializers_file_folder_path", str(folder))
        graphs = [(folder / "fp32" / f"cunet-{n}.onnx").read_bytes() for n in range(manifest["members"])]
        self.networks = [ort.InferenceSession(graph, options, providers=providers) for graph in graphs]

    def predict(
        self, images: np.ndarray, sources: np.ndarray, targets: np.ndarray, slices: np.ndarray
    ) -> dict[str, np.ndarray]:
        """Stack of some roles [S, D, H, W], normalized; the roles' numbers, those of the contrasts to make,
        the slices to make -> float32 `OUTPUTS` for these slices, the means of the members: [N, T, H, W]
        twice, and for all classes [N, L, H/2, W/2]. Edge slices of the stack are repeated as
        neighbours. Raises ValueError for what does not fit."""
        self._check(images, sources, targets, slices)
        stack = np.zeros((len(self.roles), *images.shape[1:]), np.float32)
        stack[sources] = images
        around = np.arange(-self.neighbours, self.neighbours + 1)
        given = np.zeros((self.slab, len(self.roles)), np.float32)
        given[:, sources] = 1
        parts = []
        for first in range(0, len(slices), self.slab):
            wanted = slices[first : first + self.slab]
            # The graphs have a fixed batch: a short slab is filled with its last slice.
            full = np.pad(wanted, (0, self.slab - len(wanted)), mode="edge")
            near = (full[:, None] + around).clip(0, stack.shape[1] - 1)
            batch = stack[:, near].transpose(1, 0, 2, 3, 4).reshape(self.slab, -1, *self.size)
            found = [
                network.run(OUTPUTS, {"images": batch, "availability": given}) for network in self.networks
            ]
            means = [mean.clip(0, self.ceiling)[:, targets] for mean, _, _ in found]
            scales = [scale[:, targets] for _, scale, _ in found]
            lesions = [lesion for _, _, lesion in found]
            parts.append([np.mean(one, 0)[: len(wanted)] for one in (means, scales, lesions)])
        return {name: np.concatenate([part[n] for part in parts]) for n, name in enumerate(OUTPUTS)}

    def _check(
        self, images: np.ndarray, sources: np.ndarray, targets: np.ndarray, slices: np.ndarray
    ) -> None:
        rows, columns = self.size
        if images.ndim != 4 or images.shape[2:] != (rows, columns) or len(images) != len(sources):
            raise ValueError(
                f"images {list(images.shape)}: wanted [{len(sources)}, slices, {rows}, {columns}]"
            )
        for name, values, end in (
            ("sources", sources, len(self.roles)),
            ("targets", targets, len(self.roles)),
            ("slices", slices, images.shape[1]),
        ):
            if values.ndim != 1 or not len(values) or values.min() < 0 or values.max() >= end:
                raise ValueError(f"{name} {values.tolist()}: wanted numbers from 0 to {end - 1}")


class TritonPythonModel:
    """What Triton's Python backend calls."""

    def initialize(self, args: dict[str, str]) -> None:
        """Start the networks of a version of the model."""
        import triton_python_backend_utils as pb

        config = json.loads(args["model_config"])
        self.types = {
            output["name"]: pb.triton_string_to_numpy(output["data_type"]) for output in config["output"]
        }
        folder = Path(args["model_repository"]) / args["model_version"] / "bundle"
        on_gpu = args["model_instance_kind"] == "GPU"
        self.model = Model(folder, int(args["model_instance_device_id"]) if on_gpu else None)

    def execute(self, requests: list[Any]) -> list[Any]:
        """-> an answer a request, or what is wrong with it"""
        import triton_python_backend_utils as pb

        answers = []
        for request in requests:
            try:
                names = ("images", "sources", "targets", "slices")
                values = [pb.get_input_tensor_by_name(request, name).as_numpy() for name in names]
                found = self.model.predict(*values)
                tensors = [
                    pb.Tensor(name, np.ascontiguousarray(value, self.types[name]))
                    for name, value in found.items()
                ]
                answers.append(pb.InferenceResponse(tensors))
            except Exception as error:  # of one request only: the others get their answers
                failure = pb.TritonError(f"{type(error).__name__}: {error}")
                answers.append(pb.InferenceResponse([], failure))
        return answers
