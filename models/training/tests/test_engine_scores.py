"""Scores through the command line of the product: the DICOM study, the scores, and the summary."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from phantoms import AFFINE, write_archive

from synthesis import FLAIR, SIDE, T1, T2
from synthesis.common import engine_scores, metrics
from synthesis.common.dicom_study import (
    Patient,
    check_grid,
    origin_of,
    patient_of,
    read_series,
    slabs_of,
    write_study,
)
from synthesis.common.engine_tables import report
from synthesis.data.archive import Stored, read_archive
from synthesis.data.codes import decode

BUNDLES = Path(__file__).parents[2] / "bundles"


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Path:
    data = tmp_path_factory.mktemp("archive") / "data"
    write_archive(data, {"one": 1, "two": 1})
    return data


@pytest.fixture(scope="module")
def patient(archive: Path) -> Patient:
    return patient_of(read_archive(archive)[0], origin_of({"affine_ijk_to_RASmm": AFFINE}))


def test_a_study_holds_what_is_stored_where_it_lies(tmp_path: Path, patient: Patient) -> None:
    write_study(patient, (T1, FLAIR), tmp_path)
    assert sorted(folder.name for folder in tmp_path.iterdir()) == ["flair", "t1"]
    series = read_series(sorted((tmp_path / "t1").iterdir(), reverse=True))
    check_grid(series, patient.grid, "t1")
    assert series.positions[0].tolist() == [-90, -80, -44]  # LPS of the affine's RAS
    assert series.positions[-1].tolist() == [-90, -80, 3]
    assert ((series.volume > 0) == patient.brain).all()
    signal = series.volume[patient.brain] / 1990
    np.testing.assert_allclose(signal - 0.1, patient.volumes[T1][patient.brain], atol=1e-6)


def test_a_series_elsewhere_is_not_scored(tmp_path: Path, patient: Patient) -> None:
    write_study(patient, (T1,), tmp_path)
    series = read_series(list((tmp_path / "t1").iterdir()))
    for wrong in (
        series._replace(positions=series.positions + (0, 0, 1)),
        series._replace(spacing=(1.0, 1.1)),
        series._replace(orientation=(-1, 0, 0, 0, 1, 0)),
        series._replace(volume=series.volume[1:], positions=series.positions[1:]),
    ):
        with pytest.raises(ValueError, match="does not lie on"):
            check_grid(wrong, patient.grid, "t1")
    with pytest.raises(ValueError, match="without files"):
        read_series([])


def test_an_affine_along_other_axes_is_not_used() -> None:
    assert origin_of({}) == (0, 0, 0)
    assert origin_of({"affine_ijk_to_RASmm": np.eye(4).tolist()}) == (0, 0, 0)


def test_thick_slices_are_means_of_the_brain() -> None:
    brain = np.zeros((4, 1, 2), bool)
    brain[[0, 1, 2], 0, 0] = brain[0, 0, 1] = True
    image = np.zeros((4, 4, 1, 2), np.uint8)
    image[T2, :, 0, 0] = 1, 100, 199, 0
    labels = np.zeros((4, 1, 2), np.uint8)
    labels[1] = 2
    slabs = slabs_of(Stored(image, brain, labels), 3)
    assert slabs.brain.tolist() == [[[True, False]], [[False, False]]]
    assert slabs.volumes[T2, 0, 0, 0] == pytest.approx(decode(np.array([1, 100, 199])).mean())
    assert slabs.labels[:, 0, 0].tolist() == [2, 0]


def test_thick_slices_lie_in_the_middle_of_theirs(archive: Path, tmp_path: Path) -> None:
    thick = patient_of(read_archive(archive)[0], (0, 0, -44), 3)
    assert thick.grid.shape == (16, SIDE, SIDE)
    write_study(thick, (T2,), tmp_path)
    series = read_series(list((tmp_path / "t2").iterdir()))
    assert series.positions[:2, 2].tolist() == [-43, -40]
    check_grid(series, thick.grid, "t2")


def test_region_beyond_the_surface_and_holes() -> None:
    brain = np.zeros((8, 20, 20), bool)
    brain[2:6, 4:16, 4:16] = True
    image = brain.astype(np.float32)
    image[3, 8, 8] = 0  # dark tissue
    assert engine_scores.region_dice([image], brain) == 1
    image[6, 4:16, 4:16] = image[2:6, 4:16, 16] = 1  # blurred
    assert engine_scores.region_dice([image], brain) == 1
    image[2:6, 16:19, 4:16] = 1
    assert 0.8 < engine_scores.region_dice([image], brain) < 0.95
    assert engine_scores.region_dice([brain * (np.arange(20) < 10)], brain) < 0.7


class Copier:
    """Stands for the command line: copies one source to every target, and refuses some."""

    def __init__(self, source: str, refused: str = ""):
        self.source, self.refused, self.runs = source, refused, 0

    def __call__(self, command: list[str], **_: Any) -> Any:
        self.runs += 1
        given = dict(zip(command[2::2], command[3::2]))
        study, out = Path(given["--study"]), Path(given["--out"])
        names = sorted(folder.name for folder in study.iterdir())
        level = {"id": "head", "level": "green", "text": "The skull was removed before."}
        printed: dict[str, Any] = {"preflight": {"level": "green", "checks": [level]}, "seconds": {"read": 1}}
        if self.refused == "+".join(names):
            return type(
                "Ended", (), {"returncode": 1, "stdout": json.dumps(printed), "stderr": "Too dark.\n"}
            )
        folder = study / (self.source if self.source in names else names[0])
        printed["outputs"] = [
            {"target": target, "files": [str(file) for file in folder.iterdir()]}
            for target in given["--target"].split(",")
        ]
        assert not out.exists()
        return type("Ended", (), {"returncode": 0, "stdout": json.dumps(printed), "stderr": ""})


def measure(data: Path, run: Path, **more: Any) -> dict[str, Any]:
    options: dict[str, Any] = {"split": "train", "known": ("nobody",)}
    return engine_scores.measure(data, run, {}, BUNDLES / "cdm-tiny", **options | more)


def test_scores_are_those_of_the_metrics_and_a_run_continues(
    archive: Path, tmp_path: Path, patient: Patient, monkeypatch: pytest.MonkeyPatch
) -> None:
    engine = Copier("flair")
    monkeypatch.setattr(engine_scores.subprocess, "run", engine)
    summary = measure(archive, tmp_path)
    assert engine.runs == 4 + 3  # t1 of the second patient is no target
    rows = {(row["patient"], row["target"]): row for row in summary["rows"]}
    assert len(rows) == 7
    expected = metrics.compare(patient.volumes[FLAIR], patient.volumes[T2], patient.brain)
    found = rows["one", "t2"]
    assert found["sources"] == "t1+t1ce+flair"
    assert {key: found[key] for key in expected} == pytest.approx(expected, rel=1e-4)
    assert found["lesion_kind"] == "tumour" and found["lesion_millilitres"] > 0
    assert summary["summary"]["t2, t1+t1ce+flair"]["psnr"]["n"] == 2
    assert summary["faults"] == [] and summary["lowest_region_dice"] > 0.999
    assert "psnr_brasyn" in (tmp_path / "engine/train-others.md").read_text()
    assert json.loads((tmp_path / "engine/train-others.json").read_text()) == summary
    assert measure(archive, tmp_path) == summary
    assert engine.runs == 7
    assert summary["bundles"]["one"].startswith("cdm-tiny ")
    with pytest.raises(ValueError, match="scores of cdm-tiny .*, not of ccdm-tiny"):
        engine_scores.measure(archive, tmp_path, {}, BUNDLES / "ccdm-tiny", split="train", known=("nobody",))
    assert engine.runs == 7


def test_every_set_is_compared_with_its_best_source_and_refusals_are_named(
    archive: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    engine = Copier("t1ce", refused="flair+t2")
    monkeypatch.setattr(engine_scores.subprocess, "run", engine)
    summary = measure(archive, tmp_path, subsets="every", patients=1, thick=3)
    assert engine.runs == 14
    assert len(summary["subsets"]) == 28 - 2
    row = next(r for r in summary["subsets"] if r["target"] == "t1" and len(r["sources"]) == 3)
    assert row["best_source"] == "t1ce"
    assert row["gain"]["mean"] == pytest.approx(0, abs=0.01)
    worse = next(r for r in summary["subsets"] if (r["target"], r["sources"]) == ("t1", ["t1ce", "flair"]))
    assert worse["best_source"] == "t1ce"
    assert [(f["patient"], f["sources"]) for f in summary["faults"]] == [("one", "t2+flair")]
    assert "- one, from t2+flair: refused. Too dark." in (tmp_path / "engine/train-every-3mm.md").read_text()


def test_a_check_is_asked_for_and_its_figures_are_kept(
    archive: Path, patient: Patient, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[bool] = []

    def run(*given: Any) -> tuple[dict[str, Any], None]:
        asked.append(given[-1])
        figures = {name: {"value": 0.5} for name in ("psnr", "ssim", "mae")}
        lesion = {"mae": 0.2, "millilitres": 3.1}
        return {"check": [{"role": "t1", "sources": ["t2"], **figures, "lesion": lesion}] * asked[-1]}, None

    monkeypatch.setattr(engine_scores.Engine, "run", run)
    three = (True, False, True, True)
    case = replace(read_archive(archive)[0], present=three, target=(False, False, False, True))
    engine = engine_scores.Engine(BUNDLES / "cdm-tiny")
    found = engine_scores.score_patient(case, patient, engine, "every", check=True)
    assert asked == [False, False, True], "a single source cannot be checked"
    figures = {"psnr": 0.5, "ssim": 0.5, "mae": 0.5, "lesion": 0.2}
    assert found["checks"] == [{"target": "t1", "sources": ["t2"], **figures}]


def test_a_worse_result_than_its_source_loses(patient: Patient) -> None:
    rows = [
        {"patient": n, "group": n, "target": "t1", "sources": "t1ce+t2", "psnr": 18.0 + i, "ssim": 0.5}
        for i, n in enumerate("ab")
    ]
    copies = [
        {"patient": n, "group": n, "target": "t1", "sources": source, "psnr": value + i, "ssim": 0.6}
        for i, n in enumerate("ab")
        for source, value in (("t1ce", 18.5), ("t2", 10.0))
    ]
    job = {"sources": "t1ce+t2", "refused": None, "region_dice": 0.5, "head": "Whole head; 730 mL."}
    files = [
        {"patient": n, "bundle": "b", "jobs": [job] if n == "a" else []}
        | {"rows": [r for r in rows if r["patient"] == n], "copies": [c for c in copies if c["patient"] == n]}
        for n in "ab"
    ]
    summary, text = report(files, "title")
    (only,) = summary["subsets"]
    assert only["best_source"] == "t1ce" and only["gain"]["mean"] == pytest.approx(-0.5)
    assert "gains -0.50 dB (t1 from t1ce + t2)" in text
    assert "- a, from t1ce+t2: region and brain overlap by 0.5000. Whole head; 730 mL." in text


def test_training_patients_need_bundles_that_did_not_see_them(archive: Path, tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="out of fold"):
        measure(archive, tmp_path, known=())
    case = read_archive(archive)[0]
    folds = {0: Path("zero"), 1: Path("one")}
    assert engine_scores.engine_of(case, 1, folds, None) == Path("one")
    assert engine_scores.engine_of(case, None, {}, Path("all")) == Path("all")
    with pytest.raises(ValueError, match="--bundle-of-fold 2"):
        engine_scores.engine_of(case, 2, folds, None)


def test_a_look_at_validation_patients_is_recorded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write_archive(tmp_path / "data", {"one": 1}, "val")
    looks: list[tuple[str, str | None]] = []
    monkeypatch.setattr(engine_scores, "record_look", lambda what, why: looks.append((what, why)))
    monkeypatch.setattr(engine_scores.subprocess, "run", Copier("t1"))
    more = {"split": "val", "known": (), "why": "to see", "thick": 3, "targets": ["t2"]}
    summary = measure(tmp_path / "data", tmp_path / "run", **more)
    assert [row["target"] for row in summary["rows"]] == ["t2"]
    assert looks == [("scores of cdm-tiny through the engine", "to see")]


def test_the_command_line_makes_it_from_files_to_files(tmp_path: Path) -> None:
    write_archive(tmp_path / "data", {"high": 3, "short": 1})
    engine = engine_scores.Engine(BUNDLES / "cdm-tiny")
    found = {}
    for case in read_archive(tmp_path / "data"):
        only = replace(case, present=(True, False, True, False), target=tuple(c == T2 for c in range(4)))
        thick = patient_of(only, (0.0, 0.0, 0.0), 3)
        found[case.id] = engine_scores.score_patient(only, thick, engine, "others")
    (job,), (row,) = found["high"]["jobs"], found["high"]["rows"]
    assert job["refused"] is None, job
    assert job["head"].endswith(" mL of brain were found.")
    assert 0.8 < job["region_dice"] < 1  # to the brain's network the phantom is a head with a skull
    assert (row["target"], row["sources"]) == ("t2", "t1")
    assert 0 < row["psnr"] < 60
    (job,) = found["short"]["jobs"]
    assert found["short"]["rows"] == []
    assert job["level"] == "red" and "48 mm" in job["refused"], job
