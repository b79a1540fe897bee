"""What the self-check is worth, from made-up patients: ranks and their correlation."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from synthesis import CONTRASTS
from synthesis.common import check_bundle, similarity_fixture
from synthesis.common.doubt_card import doubt


def patient(number: int, error: float, check: float) -> check_bundle.Row:
    """Each contrast made from all others, and in that job each source from the other two."""

    def figures(mae: float) -> check_bundle.Row:
        return {"psnr": 20 - 10 * mae, "ssim": 1 - mae, "mae": mae}

    rows, checks = [], []
    for target in CONTRASTS:
        others = [c for c in CONTRASTS if c != target]
        rows.append({"target": target, "sources": "+".join(others), **figures(error)})
        for source in others:
            # The engine names the reference first.
            rest = [c for c in reversed(others) if c != source]
            checks.append({"target": source, "sources": rest, **figures(check)})
    return {"group": str(number), "rows": rows, "checks": checks}


def test_foresight_is_1_where_the_check_orders_patients_as_the_error_does() -> None:
    same = [patient(n, 0.1 + n / 100, 0.2 + n / 200) for n in range(12)]
    opposite = [patient(n, 0.1 + n / 100, 0.2 - n / 200) for n in range(12)]
    for figure in ("mae", "psnr", "ssim"):
        assert check_bundle.foresight(same, "flair", figure)["spearman"] == 1
        assert check_bundle.foresight(opposite, "flair", figure)["spearman"] == -1
    assert check_bundle.foresight(same, "flair")["patients"] == 12


def test_foresight_of_chance_has_an_interval_around_0() -> None:
    rng = np.random.default_rng(1)
    found = check_bundle.foresight([patient(n, *rng.random(2)) for n in range(40)], "t1")
    low, high = found["interval"]
    assert low < 0 < high
    assert low <= found["spearman"] <= high


def test_errors_in_lesions_are_those_of_enough_patients_who_have_one() -> None:
    patients = [patient(n, 0.1, 0.2) for n in range(12)]
    for n, one in enumerate(patients):
        for row in one["checks"]:
            if row["target"] == "t2" or n < check_bundle.FEWEST - 1:
                row["lesion"] = 0.5 - n / 100
    found = check_bundle.figures_of_bundle(patients)["figures"]
    lesions = {entry["target"]: entry.get("lesion") for entry in found}
    assert lesions["t2"] == [round(0.39 + n / 100, 4) for n in range(12)]
    assert [lesions[c] for c in ("t1", "t1ce", "flair")] == [None, None, None]


def test_a_patient_without_the_target_counts_for_the_others(tmp_path: Path) -> None:
    patients = [patient(n, 0.1 + n / 100, 0.2 + n / 200) for n in range(12)]
    patients[0]["rows"] = [row for row in patients[0]["rows"] if row["target"] != "t1"]
    assert check_bundle.foresight(patients, "t1")["patients"] == 11
    patients[1]["checks"] = [row for row in patients[1]["checks"] if row["target"] != "t1"]
    found = check_bundle.figures_of_bundle(patients)
    t1 = [entry for entry in found["figures"] if entry["target"] == "t1"]
    assert [len(entry["mae"]) for entry in t1] == [11, 11, 11]
    assert all(entry["mae"] == sorted(entry["mae"]) for entry in found["figures"])
    # Jobs have at most three sources, a check one fewer.
    assert all(len(entry["sources"]) == 2 for entry in found["figures"])
    (tmp_path / "bundle.json").write_text(json.dumps({"id": "b", "check": {}}))
    check_bundle.write_check(tmp_path, found)
    text = (tmp_path / "bundle.json").read_text()
    assert json.loads(text) == {"id": "b", "check": found}
    assert max(len(line) for line in text.splitlines()) > 30


def test_the_command_writes_what_engine_scores_found(tmp_path: Path) -> None:
    scores = tmp_path / "train-others"
    scores.mkdir()
    (tmp_path / "bundle.json").write_text(json.dumps({"id": "b"}))
    command = ["--bundle", str(tmp_path), "--scores", str(scores), "--write"]
    with pytest.raises(SystemExit, match="Fewer than 10 patients"):
        check_bundle.main(command)
    for n in range(12):
        (scores / f"{n}.json").write_text(json.dumps(patient(n, 0.1 + n / 100, 0.2 + n / 200)))
    check_bundle.main(command)
    check = json.loads((tmp_path / "bundle.json").read_text())["check"]
    assert check["foresight"]["flair"]["spearman"] == 1
    assert len(check["figures"]) == 12


def test_few_patients_give_neither_rank_nor_correlation() -> None:
    found = check_bundle.figures_of_bundle([patient(n, 0.1, 0.2) for n in range(9)])
    assert found["figures"] == []
    assert found["foresight"] == {}


def test_the_fixture_of_the_engine_is_what_the_metrics_give(tmp_path: Path) -> None:
    recorded = Path(__file__).parents[3] / "tests" / "fixtures" / "similarity" / "fixture.json"
    similarity_fixture.main([str(tmp_path / "again.json")])
    again, kept = (json.loads(file.read_text()) for file in (tmp_path / "again.json", recorded))
    assert again["dims"] == kept["dims"]
    for name in ("prediction", "inverted"):
        assert again[name] == pytest.approx(kept[name], rel=1e-6)


def test_card_tells_the_figures_and_what_was_not_measured() -> None:
    figures = {name: [float(n) for n in range(21)] for name in ("psnr", "ssim", "mae")}
    row = {"target": "t2", "sources": ["t1"], **figures}
    found = {"spearman": 0.12, "interval": [-0.2, 0.41], "patients": 11}
    check = {"definition": "Inside the brain.", "figures": [row], "foresight": {"flair": found}}
    text = "\n".join(doubt({"check": check}))
    assert "| t2 | t1 | 21 | 10.0 (1.0, 19.0) | 10.000 (1.000, 19.000) |" in text
    assert "| flair | 0.12 | -0.20 to 0.41 | 11 |" in text
    assert "Unusual inputs" not in text
    assert doubt({}) == []
