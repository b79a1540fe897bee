"""What the self-check is worth, from made-up patients: jobs, sampled slices, ranks and their correlation."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from scipy import ndimage as ndi

from synthesis import CONTRASTS
from synthesis.common import check_bundle, metrics, similarity_fixture
from synthesis.common.doubt_card import doubt


@pytest.fixture(scope="module")
def volumes() -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    shape = (60, 40, 44)
    noise = np.random.default_rng(3).normal(size=(2, *shape))
    truth = ndi.gaussian_filter(noise[0], 2)
    z, y, x = np.indices(shape)
    brain = ((z - 30) / 28) ** 2 + ((y - 20) / 18) ** 2 + ((x - 22) / 20) ** 2 < 1
    return (truth + 0.05 * noise[1]).astype(np.float32), (truth * brain).astype(np.float32), brain


def test_every_contrast_is_made_from_every_set_of_the_others() -> None:
    jobs = check_bundle.jobs_of((0, 1, 2, 3), (3, 2))
    assert len(jobs) == 4 + 6
    assert sum(len(targets) for _, targets in jobs) == 16
    assert all(
        set(sources).isdisjoint(targets) and len(sources) + len(targets) == 4 for sources, targets in jobs
    )


def test_all_slices_give_the_figures_of_the_evaluation(
    volumes: tuple[np.ndarray, np.ndarray, np.ndarray],
) -> None:
    prediction, truth, brain = volumes
    at = check_bundle.sample(brain, 1)
    found = check_bundle.figures(prediction, metrics.scaled(truth, brain), brain, at)
    expected = metrics.compare(prediction, truth, brain)
    assert found == pytest.approx({key: expected[key] for key in ("psnr", "ssim", "mae")})


def test_sampled_slices_give_nearly_the_same_figures_from_their_own_slices_alone(
    volumes: tuple[np.ndarray, np.ndarray, np.ndarray],
) -> None:
    prediction, truth, brain = volumes
    at = check_bundle.sample(brain, 8)
    assert len(at.slices) < 0.5 * brain.any((1, 2)).sum()
    reference = metrics.scaled(truth, brain)
    blank = np.zeros_like(prediction)
    blank[at.slices] = prediction[at.slices]
    found = check_bundle.figures(blank, reference, brain, at)
    assert found == check_bundle.figures(prediction, reference, brain, at)
    whole = metrics.compare(prediction, truth, brain)
    assert found["psnr"] == pytest.approx(whole["psnr"], abs=0.5)
    assert found["mae"] == pytest.approx(whole["mae"], rel=0.1)


def patient(number: int, error: float, check: float) -> check_bundle.Row:
    rows = []
    for sources, targets in check_bundle.jobs_of((0, 1, 2, 3), (3, 2)):
        for target in targets:
            mae = error if len(sources) == 3 else check
            rows.append(
                {
                    "target": CONTRASTS[target],
                    "sources": [CONTRASTS[c] for c in sources],
                    "psnr": 20 - 10 * mae,
                    "ssim": 1 - mae,
                    "mae": mae,
                }
            )
    return {"group": str(number), "rows": rows}


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


def test_a_patient_without_the_target_counts_for_the_others(tmp_path: Path) -> None:
    patients = [patient(n, 0.1 + n / 100, 0.2 + n / 200) for n in range(12)]
    patients[0]["rows"] = [row for row in patients[0]["rows"] if row["target"] != "t1"]
    assert check_bundle.foresight(patients, "t1")["patients"] == 11
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
