"""The referee on phantoms: its examples, its loss, and training and measurement from end to end."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
import torch

from synthesis import ENHANCING, MS, OEDEMA
from synthesis.common.prediction import Prediction
from synthesis.common.training import Schedule
from synthesis.data.codes import encode
from synthesis.data.patients import BRAIN, Patients, Record
from synthesis.referee import downstream
from synthesis.referee import train as training
from synthesis.referee.network import Referee, network_input

DEPTH, SIDE = 12, 48


def record(name: str, split: str, fold: int, **other: object) -> Record:
    known = {"group": name, "slice_spacing": 1.0, "present": (True,) * 4, "segmented": True}
    return Record(
        id=name,
        split=split,
        fold=fold,
        first=2,
        depth=DEPTH,
        target=(False, False, True, True),
        transforms=((1.0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0),) * 4,
        anchors=((0.5, 0.125),) * 4,
        **(known | other),
    )  # type: ignore[arg-type]


@pytest.fixture(scope="module")
def patients() -> Patients:
    """Bright squares on FLAIR only, enhancing in the middle; one patient with MS, one with partial labels
    and thick slices"""
    records = (
        record("a", "train", 0),
        record("b", "train", 1),
        record("c", "train", 0),
        record("d", "train", 1),
        record("LGG-e", "extra", -1, slice_spacing=5.0, present=(True, True, False, True), whole_lesion=True),
        record("f", "extra", -1, group="a"),
        record("g", "train", 1, segmented=False),
        record("h", "val", -1),
    )
    rng = np.random.default_rng(0)
    images = np.zeros((len(records), 4, DEPTH + 4, SIDE, SIDE), np.uint8)
    labels = np.zeros((len(records), DEPTH + 4, SIDE, SIDE), np.uint8)
    y, x = np.indices((SIDE, SIDE))
    brain = np.broadcast_to(((y - 24) / 21) ** 2 + ((x - 22) / 18) ** 2 < 1, (DEPTH, SIDE, SIDE))
    for i, r in enumerate(records):
        lesion = np.zeros((DEPTH, SIDE, SIDE), np.uint8)
        at = rng.integers(14, 24, 2)
        lesion[3:9, at[0] : at[0] + 10, at[1] : at[1] + 10] = MS if r.id == "d" else OEDEMA
        if r.id not in ("d", "LGG-e"):
            lesion[3:9, at[0] + 3 : at[0] + 7, at[1] + 3 : at[1] + 7] = ENHANCING
        for c in (c for c in range(4) if r.present[c]):
            visible = 0.5 * (lesion > 0) if c == 3 else 0.5 * (lesion == ENHANCING) if c == 1 else 0
            images[i, c, 2:-2] = encode(0.5 + 0.05 * rng.normal(size=brain.shape) + visible, brain)
        labels[i, 2:-2] = BRAIN * brain + lesion * r.segmented
    return Patients(records, torch.from_numpy(images), torch.from_numpy(labels))


def test_shapes_and_size() -> None:
    model = Referee()
    logits = model(torch.zeros(1, 16, 48, 32))
    assert [tuple(each.shape) for each in logits] == [(1, 5, 48, 32), (1, 5, 12, 8), (1, 5, 6, 4)]
    assert sum(p.numel() for p in model.parameters()) < 500_000


def test_blank_contrasts_do_not_reach_the_network() -> None:
    images = torch.rand(2, 4, 3, 16, 16) + 0.1
    available = torch.tensor([[True] * 4, [True, False, True, True]])
    x = network_input(images, available)
    assert x.shape == (2, 16, 16, 16) and not x[1, 3:6].any() and x[0, 3:6].any()
    assert x[1, 12:, 0, 0].tolist() == [1, 0, 1, 1]


def test_the_fold_and_its_persons_are_left_out(patients: Patients) -> None:
    names = [{patients.records[i].id for i in training.trained_on(patients, fold)} for fold in (0, 1)]
    assert names == [{"b", "d", "LGG-e"}, {"a", "c", "LGG-e", "f"}]


def test_neighbouring_slices() -> None:
    z, ends = torch.tensor([2, 5, 5]), torch.tensor([[2, 13]] * 3)
    assert training.neighbours(z, ends, torch.tensor([1, 1, 0])).tolist() == [[2, 2, 3], [4, 5, 6], [5, 5, 5]]


def test_examples(patients: Patients) -> None:
    found = training.slices(patients, [0, 4])
    assert set(found.z.tolist()) == set(range(2, 2 + DEPTH))
    first, second = (training.draw(patients, found, 64, torch.Generator().manual_seed(3)) for _ in range(2))
    images, codes, available, partial = first
    assert (
        images.shape == (64, 4, 3, 48, 48) and codes.shape == (64, 48, 48) and torch.equal(images, second[0])
    )
    assert 0.5 < float(((codes & (BRAIN - 1)) > 0).flatten(1).any(1).float().mean()) < 0.85
    assert partial.any() and not partial.all() and not available[partial, 2].any()
    assert available.any(1).all() and not available[~partial].all()
    assert float((images[:, 3, 1] > 0).float().mean()) == pytest.approx(
        float((codes >= BRAIN).float().mean()), abs=0.05
    )
    lesion = (codes & (BRAIN - 1) > 0) & ~partial[:, None, None]
    healthy = (codes == BRAIN) & ~partial[:, None, None]
    assert (
        float(images[:, 3, 1][lesion].mean()) > float(images[:, 3, 1][healthy].mean()) + 0.3
    )  # labels turn with the images


def test_an_undisturbed_window_is_the_image(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("TURN", "SCALE", "SHIFT"):
        monkeypatch.setattr(training, name, 0.0)
    picture = torch.arange(32.0 * 48).reshape(1, 1, 32, 48)
    grid = training.window(torch.tensor([[15.5, 23.5]]), 16, (32, 48), torch.Generator().manual_seed(0))
    seen = torch.nn.functional.grid_sample(picture, grid, align_corners=False)[0, 0]
    middle = picture[0, 0, 8:24, 16:32]
    assert torch.allclose(seen, middle, atol=1e-2) or torch.allclose(seen, middle.flip(1), atol=1e-2)


def test_partial_labels_accept_any_lesion_class() -> None:
    codes = torch.full((1, 16, 16), BRAIN + OEDEMA, dtype=torch.uint8)
    enhancing = (
        20.0 * torch.nn.functional.one_hot(torch.full((1, 16, 16), ENHANCING), 5).permute(0, 3, 1, 2).float()
    )
    assert float(training.loss([enhancing], codes, torch.tensor([True]))) < 0.01
    assert float(training.loss([enhancing], codes, torch.tensor([False]))) > 5
    none = (
        20.0
        * torch.nn.functional.one_hot(torch.zeros(1, 16, 16, dtype=torch.long), 5).permute(0, 3, 1, 2).float()
    )
    assert float(training.loss([none], codes, torch.tensor([True]))) > 5


def test_the_window_of_the_brain_is_a_multiple() -> None:
    seen = torch.zeros(48, dtype=torch.bool)
    seen[30:47] = True
    assert downstream.span(seen, 48) == slice(16, 48)
    with pytest.raises(ValueError, match="too short"):
        downstream.span(torch.ones(20, dtype=torch.bool), 20)


def exact(patients: Patients, index: int, sources: tuple[int, ...]) -> Prediction:
    """A predictor that returns the truth"""
    own = patients.records[index]
    codes = patients.images[index, :, own.first : own.first + own.depth]
    mean = ((codes.float() - 1) / 199).clamp(0)
    return Prediction(mean, torch.zeros_like(mean), torch.zeros(5, *mean.shape[1:]))


def test_trained_and_measured(patients: Patients, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    torch.set_num_threads(1)
    monkeypatch.setattr(training, "BLANK", (0.7, 0.2, 0.1))
    monkeypatch.setattr(training, "BATCH", 8)
    referees = training.train(patients, tmp_path, schedule=Schedule(4e-3, steps=80))
    assert sorted(referees) == [0, 1] and (tmp_path / "referee-0.pt").exists()
    summary = downstream.measure_downstream(referees, {0: exact, 1: exact}, patients, tmp_path)
    assert set(summary) == {"t2", "flair"}
    whole = summary["flair"]["whole"]
    assert whole["acquired"]["n"] == 3 and whole["acquired"]["mean"] > 0.7  # the MS patient has no tumour
    assert whole["synthetic"]["mean"] == pytest.approx(whole["acquired"]["mean"], abs=0.02)
    assert whole["blank"]["mean"] < whole["acquired"]["mean"] - 0.08
    stored = json.loads((tmp_path / "downstream" / "train" / "d.json").read_text())
    assert stored["acquired"]["whole"] is None and stored["acquired"]["ms"] is not None
    text = (tmp_path / "downstream" / "train.md").read_text()
    assert "| flair | whole | 3 |" in text and "nan" not in text
    assert downstream.measure_downstream(referees, {0: exact, 1: exact}, patients, tmp_path) == summary
    with pytest.raises(ValueError, match="reason"):
        downstream.measure_downstream(referees, {0: exact, 1: exact}, patients, tmp_path, split="val")
    with pytest.raises(ValueError, match="extra"):
        downstream.measure_downstream(referees, {0: exact, 1: exact}, patients, tmp_path, split="extra")
