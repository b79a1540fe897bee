"""Metrics, bootstrap, lesion and enhancement figures, and the evaluation of predictors, on phantoms."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
import torch
from scipy import ndimage as ndi
from skimage.metrics import structural_similarity

from synthesis import ENHANCING, MS, NECROSIS, OEDEMA, T1, T1CE
from synthesis.common import enhancement, lesions, looks, metrics
from synthesis.common.bootstrap import difference, interval
from synthesis.common.evaluate import evaluate
from synthesis.common.prediction import Prediction
from synthesis.common.score_patient import averaged, tasks
from synthesis.common.tables import change
from synthesis.data.codes import decode, encode
from synthesis.data.patients import BRAIN, Patients, Record

DEPTH, SIDE = 24, 64


def ball(shape: tuple[int, ...], centre: tuple[float, ...], radius: float) -> np.ndarray:
    return sum((np.indices(shape)[i] - c) ** 2 for i, c in enumerate(centre)) < radius**2


@pytest.fixture(scope="module")
def brain() -> np.ndarray:
    z, y, x = np.indices((DEPTH, SIDE, SIDE))
    return ((z - 11.5) / 11) ** 2 + ((y - 32) / 28) ** 2 + ((x - 30) / 24) ** 2 < 1


@pytest.fixture(scope="module")
def truth(brain: np.ndarray) -> np.ndarray:
    noise = np.random.default_rng(1).normal(size=brain.shape)
    smooth = ndi.gaussian_filter(noise, 2)
    return np.where(brain, 100 + 200 * smooth / smooth.std() * 0.2 + 10 * noise, 0).astype(np.float32)


@pytest.fixture(scope="module")
def prediction(truth: np.ndarray, brain: np.ndarray) -> np.ndarray:
    return np.where(brain, 3 * ndi.gaussian_filter(truth, 0.8) + 7, 0).astype(np.float32)


def test_ssim_and_psnr_are_the_definitions(
    prediction: np.ndarray, truth: np.ndarray, brain: np.ndarray
) -> None:
    found = metrics.compare(prediction, truth, brain)
    low, high = np.percentile(truth[brain], (0.5, 99.5))
    b = np.where(brain, np.clip((truth - low) / (high - low), 0, 1), 0)
    a = np.zeros_like(b)
    a[brain] = np.clip(
        np.polyval(np.polyfit(prediction[brain].astype(float), b[brain], 1), prediction[brain]), 0, 1
    )
    box = ndi.find_objects(brain.astype(int))[0]
    similarity = structural_similarity(a[box], b[box], win_size=7, data_range=1, full=True)[1]
    inner = ndi.binary_erosion(brain, np.ones((1, 9, 9)))
    assert found["ssim"] == pytest.approx(similarity[brain[box]].mean(), abs=1e-4)
    assert found["ssim_inner"] == pytest.approx(similarity[inner[box]].mean(), abs=1e-4)
    assert found["psnr"] == pytest.approx(10 * np.log10(1 / np.mean((a - b)[brain] ** 2)), abs=1e-3)
    assert found["mae"] == pytest.approx(np.abs(a - b)[brain].mean(), abs=1e-5)
    assert found["r"] == pytest.approx(np.corrcoef(prediction[brain], b[brain])[0, 1], abs=1e-5)


def test_metrics_do_not_depend_on_the_unit_of_the_prediction(
    prediction: np.ndarray, truth: np.ndarray, brain: np.ndarray
) -> None:
    one, other = (metrics.compare(p, truth, brain) for p in (prediction, 0.01 * prediction - 3))
    assert one == pytest.approx(other, rel=1e-3)


def test_inverted_and_constant_predictions_count_as_the_mean(truth: np.ndarray, brain: np.ndarray) -> None:
    inverted, constant = (metrics.compare(p, truth, brain) for p in (-truth, np.ones_like(truth)))
    assert inverted["r"] < -0.99 and constant["r"] == 0
    assert inverted["psnr"] == pytest.approx(constant["psnr"], abs=1e-4)
    assert constant["sharpness"] == pytest.approx(0, abs=1e-6)


def test_a_perfect_prediction(truth: np.ndarray, brain: np.ndarray) -> None:
    clipped = np.clip(truth, *np.percentile(truth[brain], (0.5, 99.5)))
    found = metrics.compare(clipped, truth, brain)
    assert found["psnr"] > 60 and found["ssim"] > 0.9999 and found["sharpness"] == pytest.approx(1, abs=1e-3)


def test_sharpness_falls_with_blur(truth: np.ndarray, brain: np.ndarray) -> None:
    shares = [
        metrics.compare(ndi.gaussian_filter(truth, (0, s, s)), truth, brain)["sharpness"]
        for s in (0.3, 0.6, 1.2)
    ]
    assert 1 > shares[0] > shares[1] > shares[2]


def test_the_blur_passes_half_at_half_nyquist() -> None:
    wave = np.tile(np.cos(np.pi / 2 * np.arange(64)), (1, 64, 1))
    blurred = ndi.gaussian_filter(wave, (0, 0, metrics.BLUR), mode="wrap")
    assert blurred[0, 0, 0] == pytest.approx(0.5, abs=0.02)


def test_nan_is_refused(truth: np.ndarray, brain: np.ndarray) -> None:
    with pytest.raises(ValueError, match="NaN"):
        metrics.compare(np.where(brain, np.nan, 0), truth, brain)


def test_interval_draws_persons_not_files() -> None:
    values = np.random.default_rng(0).normal(5, 1, 60).tolist()
    alone = interval(values, [str(i) for i in range(60)])
    assert (
        alone.n == 60 and alone.mean == pytest.approx(np.mean(values)) and alone.low < alone.mean < alone.high
    )
    assert alone.error == pytest.approx(np.std(values) / 60**0.5, rel=0.1)
    twice = interval(values * 2, [str(i) for i in range(60)] * 2)
    assert twice.error == pytest.approx(alone.error, rel=0.05)
    assert interval([float("nan")], ["a"]).n == 0
    assert alone == interval(values, [str(i) for i in range(60)])


def test_difference_is_paired() -> None:
    rng = np.random.default_rng(0)
    a = {str(i): float(v) for i, v in enumerate(rng.normal(0, 10, 40))}
    b = {key: value + 0.5 + float(rng.normal(0, 0.1)) for key, value in a.items()} | {"alone": 3.0}
    found = difference(a, b, {key: key for key in b})
    assert found.n == 40 and found.mean == pytest.approx(0.5, abs=0.05) and found.error < 0.03


def test_lesion_figures(brain: np.ndarray) -> None:
    rng = np.random.default_rng(0)
    noise = rng.normal(0, 1, brain.shape)
    lesion = ball(brain.shape, (12, 24, 30), 6)
    white = ball(brain.shape, (12, 42, 30), 6)
    labels = (OEDEMA * lesion).astype(np.uint8)
    acquired = np.where(brain, 50 + 5 * rng.normal(0, 1, brain.shape) + noise, 0) + 40 * lesion
    acquired[white] = 50 + noise[white]
    half = np.where(lesion, acquired - 20, acquired)
    found = lesions.measure(half, acquired, brain, labels, white)
    assert (
        found["kind"] == "tumour"
        and found["size"] == "below 1 mL"
        and found["millilitres"] == pytest.approx(lesion.sum() / 1000)
    )
    assert (
        found["cnr_real"] == pytest.approx(40, rel=0.1)
        and 0.4 < found["cnr_ratio"] < 0.6
        and found["bias"] < -0.05
    )
    assert lesions.measure(acquired, acquired, brain, labels, white)["contrast_ratio"] == pytest.approx(
        1, abs=1e-6
    )
    faint = lesions.measure(acquired, acquired - 40 * lesion, brain, (MS * lesion).astype(np.uint8), white)
    assert faint["kind"] == "ms" and faint["cnr_ratio"] is None
    with pytest.raises(ValueError, match="No lesion"):
        lesions.measure(half, acquired, brain, np.zeros_like(labels), white)


def test_detection_counts_components() -> None:
    shape = (20, 40, 40)
    truth = ball(shape, (10, 10, 10), 4) | ball(shape, (10, 30, 30), 4)
    found = ball(shape, (10, 10, 10), 3) | ball(shape, (10, 10, 30), 4)
    found[0, 0, 0] = True  # a single voxel
    counted = lesions.detection(found, truth)
    assert (counted["lesions"], counted["found"], counted["false"]) == (2, 1, 1)
    assert 0 < counted["dice"] < 1
    assert lesions.detection(truth, truth)["dice"] == 1


def test_a_voxel_is_a_lesion_where_lesion_classes_together_are_likelier() -> None:
    probabilities = np.array([[0.45, 0.6], [0.15, 0.0], [0.15, 0.1], [0.25, 0.3], [0.0, 0.0]])
    assert lesions.most_likely(probabilities).tolist() == [ENHANCING, 0]


def test_auc_and_average_precision() -> None:
    positive = np.array([1, 0, 1, 0, 0], bool)
    assert enhancement.auc(np.array([5.0, 4, 3, 2, 1]), positive) == pytest.approx(5 / 6)
    assert enhancement.auc(np.ones(5), positive) == pytest.approx(0.5)
    assert np.isnan(enhancement.auc(np.ones(5), np.zeros(5, bool)))
    assert enhancement.average_precision(np.array([5.0, 4, 3, 2, 1]), positive) == pytest.approx(
        (1 + 2 / 3) / 2
    )
    assert enhancement.average_precision(np.ones(5), positive) == pytest.approx(0.4)


def test_calibration_error() -> None:
    rng = np.random.default_rng(0)
    p = rng.random(20000)
    assert enhancement.calibration_error(p, rng.random(20000) < p) < 0.02
    assert enhancement.calibration_error(np.full(1000, 0.8), np.arange(1000) < 300) == pytest.approx(0.5)


def test_false_enhancement() -> None:
    shape = (40, 64, 64)
    brain = ball(shape, (20, 32, 32), 30)
    rng = np.random.default_rng(0)
    t1 = np.where(brain, 0.5 + 0.02 * rng.normal(size=shape), 0)
    white = ball(shape, (20, 44, 32), 6)
    real, false = ball(shape, (20, 26, 24), 5), ball(shape, (20, 26, 44), 5)
    labels = (ENHANCING * real + NECROSIS * ball(shape, (20, 26, 24), 2)).clip(0, ENHANCING).astype(np.uint8)
    t1ce = np.where(brain, 0.5 + 0.02 * rng.normal(size=shape), 0) + 0.6 * real
    found = enhancement.enhancement_errors(t1 + 0.6 * false, t1ce, t1, labels, brain, white)
    assert found["missed_ml"] == pytest.approx(found["enhancing_ml"])
    assert (
        false.sum() < 1000 * found["false_ml"] < 2.5 * false.sum()
    )  # the mean over 3 x 3 x 3 voxels widens it
    same = enhancement.enhancement_errors(t1ce, t1ce, t1, labels, brain, white)
    assert same["false_ml"] == 0 and same["missed_ml"] < 0.2 * same["enhancing_ml"]


def record(name: str, split: str, fold: int, **other: object) -> Record:
    known = {"present": (True,) * 4, "target": (True,) * 4, "segmented": True}
    return Record(
        id=name,
        split=split,
        group=name,
        fold=fold,
        first=4,
        depth=DEPTH,
        slice_spacing=1.0,
        transforms=((1.0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0),) * 4,
        anchors=((0.5, 0.125),) * 4,
        **(known | other),
    )  # type: ignore[arg-type]


@pytest.fixture(scope="module")
def patients(brain: np.ndarray) -> Patients:
    records = (
        record("a", "train", 0),
        record("b", "train", 1, target=(True, True, False, True)),
        record("c", "val", -1),
        record("d", "train", 0, segmented=False, present=(True, True, False, True)),
    )
    images, labels = (
        np.zeros((4, 4, DEPTH + 8, SIDE, SIDE), np.uint8),
        np.zeros((4, DEPTH + 8, SIDE, SIDE), np.uint8),
    )
    rng = np.random.default_rng(0)
    lesion = ball(brain.shape, (12, 24, 30), 6)
    core = ball(brain.shape, (12, 24, 30), 4)
    for i in range(4):
        base = ndi.gaussian_filter(rng.normal(size=brain.shape), 2)
        for c in range(4):
            images[i, c, 4:-4] = encode(
                0.5 + base + 0.03 * rng.normal(size=brain.shape) + (0.3 if c != T1 else -0.2) * lesion, brain
            )
        if records[i].segmented:
            labels[i, 4:-4] = OEDEMA * lesion + (ENHANCING - OEDEMA) * core
        labels[i, 4:-4] |= (BRAIN * brain).astype(np.uint8)
    return Patients(records, torch.from_numpy(images), torch.from_numpy(labels))


class Copier:
    """Predicts every contrast as the mean of the sources, plus a number of its own."""

    def __init__(self, shift: float):
        self.shift, self.seen = shift, list[tuple[str, tuple[int, ...]]]()

    def __call__(self, patients: Patients, index: int, sources: tuple[int, ...]) -> Prediction:
        own = patients.records[index]
        self.seen.append((own.id, sources))
        codes = patients.images[index, :, own.first : own.first + own.depth]
        mean = (
            torch.from_numpy(decode(codes.numpy()))[list(sources)].mean(0).expand(5, -1, -1, -1) + self.shift
        )
        labels = patients.labels[index, own.first : own.first + own.depth].long() & (BRAIN - 1)
        lesion = torch.nn.functional.one_hot(labels, 5).permute(3, 0, 1, 2).float() * 0.8 + 0.04
        return Prediction(mean, torch.full_like(mean, 0.05), lesion)


def test_evaluation_is_cross_fitted_and_resumable(patients: Patients, tmp_path: Path) -> None:
    predictors = {0: Copier(0.0), 1: Copier(0.1)}
    summary = evaluate(predictors, patients, patients, tmp_path, split="train")
    assert {name for name, _ in predictors[0].seen} == {"a", "d"} and {
        name for name, _ in predictors[1].seen
    } == {"b"}
    rows = summary["rows"]
    assert [row["target"] for row in rows if row["patient"] == "b"].count("t2") == 0
    assert all("lesion_bias" not in row for row in rows if row["patient"] == "d")
    assert {row["sources"] for row in rows if row["patient"] == "d"} == {"t1ce+flair", "t1+flair", "t1+t1ce"}
    assert summary["summary"]["t1, t1ce+t2+flair"]["psnr"]["n"] == 2
    enhanced = next(row for row in rows if row["patient"] == "a" and row["target"] == "t1ce")
    assert (
        enhanced["auc_in_tumour_head"] == 1
        and enhanced["average_precision_head"] == 1
        and enhanced["found_dice"] == 1
    )
    assert enhanced["found_sensitivity"] == 1 and enhanced["psnr"] == pytest.approx(enhanced["psnr_prepared"])
    text = (tmp_path / "evaluation" / "train-all-others.md").read_text()
    assert "## Lesions" in text and "## Enhancement" in text and "nan" not in text
    asked = len(predictors[0].seen)
    again = evaluate(predictors, patients, patients, tmp_path, split="train")
    assert len(predictors[0].seen) == asked and again == summary
    with pytest.raises(ValueError, match="fold 1"):
        evaluate({0: Copier(0)}, patients, patients, tmp_path / "other", split="train")


def test_fast_evaluation_and_paired_change(patients: Patients, tmp_path: Path) -> None:
    before, after = (
        evaluate(
            {0: Copier(0.0), 1: Copier(0.0)},
            patients,
            patients,
            tmp_path / str(i),
            split="train",
            fast=True,
            indices=[0, 1],
        )["rows"]
        for i in range(2)
    )
    assert (
        len(before) == 7
        and "sharpness" not in before[0]
        and {"psnr", "ssim", "psnr_prepared", "lesion_bias", "lesion_cnr_ratio"} <= set(before[0])
    )
    found = change(before, after, "psnr", "t1")
    assert found.n == 2 and found.mean == 0


def test_validation_needs_a_reason(
    patients: Patients, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "looks.json"
    monkeypatch.setattr(
        "synthesis.common.evaluate.record_look", lambda what, why: looks.record_look(what, why, file)
    )
    predictors = {0: Copier(0.0), 1: Copier(0.1)}
    with pytest.raises(ValueError, match="reason"):
        evaluate(predictors, patients, patients, tmp_path / "run", split="val", fast=True)
    assert not file.exists()
    evaluate(predictors, patients, patients, tmp_path / "run", split="val", fast=True, why="headline")
    assert predictors[0].seen == predictors[1].seen
    assert [entry["why"] for entry in json.loads(file.read_text())] == [
        "headline"
    ] and "Look 1 " in capsys.readouterr().out
    assert looks.record_look("again", "footnote", file) == 2
    with pytest.raises(ValueError, match="extra"):
        evaluate(predictors, patients, patients, tmp_path / "run", split="extra")


def test_every_subset_of_sources() -> None:
    found = tasks(record("a", "train", 0, target=(True, False, True, True)), "every")
    assert len(found) == 14 - 1 and ((T1, T1CE), [2, 3]) in found and ((0, 2, 3), [1]) not in found


def test_averaged_predictions() -> None:
    parts = [
        Prediction(torch.full((4, 1, 2, 2), v), torch.full((4, 1, 2, 2), v), torch.full((5, 1, 2, 2), v))
        for v in (1.0, 3.0)
    ]
    assert float(averaged(parts).mean.max()) == 2
