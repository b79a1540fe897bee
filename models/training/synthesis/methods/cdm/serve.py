"""The networks of a bundle of `cdm` as a model of NVIDIA Triton (Python backend): slices of a
prepared stack in, their means, expected errors and probabilities of lesions out; or maps in cells and noise
in, a sample out, as the engine computes them in a browser.

`npm run export-server` writes this file into a model repository as model.py; it needs NumPy and onnxruntime.
"""

from __future__ import annotations

import json
import math
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import onnxruntime as ort

OUTPUTS = ("mean", "scale", "lesion")
SAMPLING = ("mrm", "mdn-condition", "mdn")


class Model:
    """Bundle in a folder -> its networks on a device: a number of a GPU, or None for the processor"""

    def __init__(self, folder: Path, gpu: int | None = None):
        manifest = json.loads((folder / "bundle.json").read_text())
        self.roles: list[str] = manifest["roles"]
        self.size: list[int] = manifest["grid"]["size"]
        self.slab: int = manifest["grid"]["slab"]
        self.neighbours: int = manifest["grid"]["neighbours"]
        self.ceiling: float = manifest["normalization"]["ceiling"]
        self.diffusion: dict[str, Any] | None = manifest.get("diffusion")
        self.members = [f"cunet-{n}" for n in range(manifest["members"])]
        cpu = "CPUExecutionProvider"
        providers = [cpu] if gpu is None else [("CUDAExecutionProvider", {"device_id": gpu}), cpu]
        options = ort.SessionOptions()
        # The graphs name their weights by the path in the bundle.
        options.add_session_config_entry("session.model_external_initializers_file_folder_path", str(folder))
        self.networks = {
            name: ort.InferenceSession((folder / "fp32" / f"{name}.onnx").read_bytes(), options, providers)
            for name in (*self.members, *(SAMPLING if self.diffusion else ()))
        }

    def predict(
        self,
        images: np.ndarray,
        sources: np.ndarray,
        targets: np.ndarray,
        slices: np.ndarray,
        keys: np.ndarray | None = None,
    ) -> dict[str, np.ndarray]:
        """Stack of some roles [S, D, H, W], normalized; the roles' numbers, those of the contrasts to make,
        the slices to make -> float32 `OUTPUTS` for these slices, the means of the members: [N, T, H, W]
        twice, and for all classes [N, L, H/2, W/2]; with `keys`, places in `slices`, also what a sample
        needs of those: features of the first member and tokens of MRM [M, C, H/8, W/8]. Edge slices of the
        stack are repeated as neighbours. Raises ValueError for what does not fit."""
        self._check_numbers(sources=(sources, len(self.roles)), targets=(targets, len(self.roles)))
        self._check_images(images, len(sources))
        self._check_numbers(slices=(slices, images.shape[1]))
        if keys is not None:
            self._check_numbers(keys=(keys, len(slices)))
        stack = np.zeros((len(self.roles), *images.shape[1:]), np.float32)
        stack[sources] = images
        given = self._availability(sources, self.slab)
        parts = []
        features = []
        for count, batch in self._batches(stack, slices, self.neighbours):
            feed = {"images": batch, "availability": given}
            first = OUTPUTS if keys is None else (*OUTPUTS, "features")
            found = [
                self.networks[name].run(first if name == self.members[0] else OUTPUTS, feed)
                for name in self.members
            ]
            means = [one[0].clip(0, self.ceiling)[:, targets] for one in found]
            scales = [one[1][:, targets] for one in found]
            lesions = [one[2] for one in found]
            parts.append([np.mean(one, 0)[:count] for one in (means, scales, lesions)])
            features += [one[:count] for one in found[0][3:]]
        answer = {name: np.concatenate([part[n] for part in parts]) for n, name in enumerate(OUTPUTS)}
        if keys is not None:
            tokens = [
                self.networks["mrm"].run(("tokens",), {"images": batch, "availability": given})[0][:count]
                for count, batch in self._batches(stack, slices[keys], 0)
            ]
            answer |= {"features": np.concatenate(features)[keys], "tokens": np.concatenate(tokens)}
        return answer

    def sample(
        self,
        noise: np.ndarray,
        valid: np.ndarray,
        sources: np.ndarray,
        targets: np.ndarray,
        **maps: np.ndarray,
    ) -> dict[str, np.ndarray]:
        """Noise of MDN [K, 2, h, w], correlated along K, which cells count [K, 1, h, w], numbers of the
        sources' roles and of one target's, MDN's maps, features and tokens [K, C, h, w] -> the sample as
        `clean` [K, 2, h, w]. A step of DDIM, then of DPM-Solver++ (2M), as in the engine's sampler.ts.
        Raises ValueError for what does not fit, onnxruntime for a wrong shape."""
        if self.diffusion is None:
            raise ValueError("the bundle makes no samples")
        self._check_numbers(sources=(sources, len(self.roles)), targets=(targets, len(self.roles)))
        if len(targets) != 1:
            raise ValueError(f"targets {targets.tolist()}: a sample has one")
        (conditioning,) = self.networks["mdn-condition"].run(("conditioning",), _single(maps))
        feed = _single({"valid": valid, "target": self._availability(targets, 1)})
        feed |= {"conditioning": conditioning, "availability": self._availability(sources, 1)}
        signal: list[float] = self.diffusion["alpha_bar"]
        log_snr = [0.5 * math.log(share / (1 - share)) for share in signal]
        x = noise.astype(np.float32)
        before = x
        for n, timestep in enumerate(self.diffusion["timesteps"]):
            time = _embedding(timestep, **self.diffusion["embedding"])
            (clean,) = self.networks["mdn"].run(("clean",), {**feed, "noisy": x, "time": time})
            if n + 1 < len(signal):
                step = log_snr[n + 1] - log_snr[n]
                ahead = step / (2 * (log_snr[n] - log_snr[n - 1])) if n else 0.0
                keep = math.sqrt((1 - signal[n + 1]) / (1 - signal[n]))
                gain = -math.sqrt(signal[n + 1]) * math.expm1(-step)
                x = keep * x + gain * (clean + ahead * (clean - before))
                before = clean
        return {"clean": clean}

    def _availability(self, numbers: np.ndarray, rows: int) -> np.ndarray:
        """-> float32 [rows, roles], 1 for roles of these numbers"""
        flags = np.zeros((rows, len(self.roles)), np.float32)
        flags[:, numbers] = 1
        return flags

    def _batches(
        self, stack: np.ndarray, slices: np.ndarray, neighbours: int
    ) -> Iterator[tuple[int, np.ndarray]]:
        """-> slab by slab how many slices it has, and the network's images: the graphs have a fixed batch, so
        a short slab is filled with its last slice"""
        around = np.arange(-neighbours, neighbours + 1)
        for first in range(0, len(slices), self.slab):
            wanted = slices[first : first + self.slab]
            full = np.pad(wanted, (0, self.slab - len(wanted)), mode="edge")
            near = (full[:, None] + around).clip(0, stack.shape[1] - 1)
            yield len(wanted), stack[:, near].transpose(1, 0, 2, 3, 4).reshape(self.slab, -1, *self.size)

    def _check_images(self, images: np.ndarray, count: int) -> None:
        rows, columns = self.size
        if images.ndim != 4 or images.shape[2:] != (rows, columns) or len(images) != count:
            raise ValueError(f"images {list(images.shape)}: wanted [{count}, slices, {rows}, {columns}]")

    @staticmethod
    def _check_numbers(**numbers: tuple[np.ndarray, int]) -> None:
        for name, (values, end) in numbers.items():
            if values.ndim != 1 or not len(values) or values.min() < 0 or values.max() >= end:
                raise ValueError(f"{name} {values.tolist()}: wanted numbers from 0 to {end - 1}")


def _single(maps: dict[str, np.ndarray]) -> dict[str, np.ndarray]:
    return {name: values.astype(np.float32) for name, values in maps.items()}


def _embedding(timestep: int, size: int, max_period: float) -> np.ndarray:
    """-> float32 [1, size]: cosines, then sines, of falling frequencies"""
    half = size // 2
    angle = timestep * np.exp(-math.log(max_period) * np.arange(half) / half)
    return np.concatenate([np.cos(angle), np.sin(angle)])[None].astype(np.float32)


class TritonPythonModel:
    """What Triton's Python backend calls."""

    def initialize(self, args: dict[str, str]) -> None:
        """Start the networks of a version of the model."""
        import triton_python_backend_utils as pb

        config = json.loads(args["model_config"])
        self.inputs = [tensor["name"] for tensor in config["input"]]
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
                given = {
                    name: tensor.as_numpy()
                    for name in self.inputs
                    if (tensor := pb.get_input_tensor_by_name(request, name)) is not None
                }
                found = self.model.sample(**given) if "noise" in given else self.model.predict(**given)
                tensors = [
                    pb.Tensor(name, np.ascontiguousarray(value, self.types[name]))
                    for name, value in found.items()
                ]
                answers.append(pb.InferenceResponse(tensors))
            except Exception as error:  # of one request only: the others get their answers
                failure = pb.TritonError(f"{type(error).__name__}: {error}")
                answers.append(pb.InferenceResponse([], failure))
        return answers
