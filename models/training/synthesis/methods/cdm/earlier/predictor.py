"""An earlier bundle as a predictor, to measure the gain of preparation apart from that of new networks."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import torch

from .... import CEILING, CONTRASTS
from ....common.prediction import Prediction, Predictor
from ....data.codes import decode
from ....data.patients import BRAIN, Patients

SEED = 1


def normalized(volume: np.ndarray, brain: np.ndarray) -> np.ndarray:
    """Volume and brain [Z, H, W] -> float32, the 0.5 and 99.5 percentiles inside the brain at 0 and 1, as
    these bundles need it; 0 outside"""
    low, high = np.percentile(volume[brain], (0.5, 99.5))
    return (np.clip((volume - low) / max(high - low, 1e-6), 0, CEILING) * brain).astype(np.float32)


def earlier_predictor(folder: Path) -> Predictor:
    """Predicts with a bundle of format 2 on onnxruntime: mean and expected error of the targets, 0 for other
    contrasts, no lesions."""
    from .pipeline import Bundle

    bundle = Bundle(folder)

    def predict(patients: Patients, index: int, sources: tuple[int, ...]) -> Prediction:
        record = patients.records[index]
        brain = (patients.labels[index, record.slices] >= BRAIN).cpu().numpy()
        images = decode(patients.images[index, :, record.slices].cpu().numpy())
        volumes = np.stack(
            [
                normalized(image, brain) if c in sources else np.zeros_like(image)
                for c, image in enumerate(images)
            ]
        )
        mean, scale = np.zeros((2, len(CONTRASTS), *brain.shape), np.float32)
        for target in range(len(CONTRASTS)):
            if target not in sources and record.target[target]:
                mean[target], scale[target] = bundle.synthesize(
                    volumes, brain, sources, target, SEED, bundle.manifest["samples"]
                )
        lesion = np.zeros((5, *brain.shape), np.float32)
        lesion[0] = brain
        return Prediction(*(torch.from_numpy(a) for a in (mean, scale, lesion)))

    return predict
