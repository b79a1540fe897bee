"""Synthesis of a whole volume with onnxruntime, the same step by step as in the browser engine.

It is the reference in the engine's tests and in ours.
"""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np

from ....common.bundle import open_network
from ....common.noise import noise_maps
from . import CONTRASTS
from .calibration import calibrated
from .data import availability, between_keys, key_slices, neighbourhood
from .diffusion import ddim, embed_time
from .spread import expected_errors

CERTAINTY = 0.5  # of sampled tokens


class Bundle:
    """A bundle of format 2 with its networks loaded. T tokens of D channels a slice, K key slices."""

    def __init__(self, folder: Path, threads: int = 1):
        self.manifest = json.loads((folder / "bundle.json").read_text())
        self.slab: int = self.manifest["grid"]["slab"]
        self.count: int = self.manifest["tokens"]["count"]
        self.channels: int = self.manifest["tokens"]["channels"]
        self.sessions = {
            name: open_network(folder, name, threads=threads) for name in self.manifest["files"]["fp32"]
        }

    def run(self, network: str, inputs: dict[str, np.ndarray]) -> list[np.ndarray]:
        """Run a network on any number of slices [n, ...], slab by slab; the last slab repeats its last
        slice."""
        n = len(next(iter(inputs.values())))
        results = []
        for start in range(0, n, self.slab):
            slab = np.minimum(np.arange(start, start + self.slab), n - 1)
            outputs = self.sessions[network].run(
                None, {name: np.ascontiguousarray(x[slab], np.float32) for name, x in inputs.items()}
            )
            results.append([output[: n - start] for output in outputs])
        return [np.concatenate(parts) for parts in zip(*results)]

    def key_slices(self, depth: int) -> np.ndarray:
        """-> int [K], ascending"""
        return key_slices(depth, self.manifest["grid"]["spacing"][2], self.manifest["tokens"]["step_mm"])

    def encode(self, volume: np.ndarray, contrast: int, slices: np.ndarray) -> np.ndarray:
        """normalized volume [Z, H, W] -> its MRM tokens [n, T, D] at the slices [n]"""
        images = np.stack([neighbourhood(volume, z) for z in slices])
        return self.run(f"mrm-{CONTRASTS[contrast]}", {"image": images})[0]

    def condition(self, volumes: np.ndarray, sources: tuple[int, ...]) -> np.ndarray:
        """-> the sources' tokens at the key slices [K, T, 4 D], zeros where a contrast is no source"""
        keys = self.key_slices(volumes.shape[1])
        parts = [
            self.encode(volumes[c], c, keys)
            if c in sources
            else np.zeros((len(keys), self.count, self.channels), np.float32)
            for c in range(len(CONTRASTS))
        ]
        return np.concatenate(parts, -1)

    def denoise(
        self, condition: np.ndarray, sources: tuple[int, ...], target: int, noise: np.ndarray
    ) -> np.ndarray:
        """condition [K, T, 4 D], noise [T, D], the same for all key slices -> one sample of the target's
        tokens [K, T, D]"""
        scheduler = self.manifest["scheduler"]
        flags = np.tile(availability(sources), (len(condition), 1))

        def predict(x: np.ndarray, t: int) -> np.ndarray:
            time = embed_time(np.full(len(x), t), scheduler["embedding"]["size"])
            return self.run(
                f"mdn-{CONTRASTS[target]}",
                {"noisy": x, "time": time, "condition": condition, "availability": flags},
            )[0]

        start = np.tile(noise, (len(condition), 1, 1))
        return ddim(predict, start, scheduler["timesteps"], scheduler["alpha_bar"])

    def decode(
        self, volumes: np.ndarray, sources: tuple[int, ...], target: int, tokens: np.ndarray, member: int
    ) -> tuple[np.ndarray, np.ndarray]:
        """normalized volumes [4, Z, H, W], tokens [K, T, D] -> prediction and scale [Z, H, W], normalized"""
        depth = volumes.shape[1]
        given = np.zeros_like(volumes)
        given[list(sources)] = volumes[list(sources)]
        z = np.arange(depth)
        flags = np.tile(availability(sources), (depth, 1))
        images = np.stack([neighbourhood(given, at).reshape(-1, *volumes.shape[2:]) for at in z])
        features = self.run(f"cunet-encoder-{member}", {"images": images, "availability": flags})
        prediction, scale, *_ = self.run(
            f"cunet-decoder-{member}",
            {
                **{f"f{level}": feature for level, feature in enumerate(features)},
                "tokens": between_keys(tokens, self.key_slices(depth), z),
                "certainty": np.full((depth, 1), CERTAINTY),
                "target": np.tile(availability((target,)), (depth, 1)),
                "availability": flags,
            },
        )
        return np.clip(prediction[:, 0], 0, self.manifest["normalization"]["ceiling"]), scale[:, 0]

    def synthesize(
        self,
        volumes: np.ndarray,
        brain: np.ndarray,
        sources: tuple[int, ...],
        target: int,
        seed: int,
        samples: int,
    ) -> tuple[np.ndarray, np.ndarray]:
        """normalized volumes [4, Z, H, W] (only `sources` are read), brain bool [Z, H, W] -> mean and spread
        [Z, H, W], normalized"""
        volumes = volumes * brain
        condition = self.condition(volumes, sources)
        decoded = [
            self.decode(
                volumes,
                sources,
                target,
                self.denoise(condition, sources, target, noise),
                i % self.manifest["members"],
            )
            for i, noise in enumerate(noise_maps(seed, samples, self.count, self.channels))
        ]
        predictions, scales = (np.stack(each) for each in zip(*decoded))
        mean, spread = predictions.mean(0), scales.mean(0) * brain
        if CONTRASTS[target] in self.manifest.get("tone", {}):
            mean = calibrated(mean, self.manifest["tone"][CONTRASTS[target]])
        mean = mean * brain
        uncertainty = self.manifest["uncertainty"]
        if "weights" in uncertainty:
            spread = expected_errors(
                spread, mean, volumes[list(sources)], brain, uncertainty["weights"][CONTRASTS[target]]
            )
        return mean, uncertainty["factor"][CONTRASTS[target]] * spread
