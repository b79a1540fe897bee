"""The model card of the next bundles, from made-up figures."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import pytest

from synthesis import CONTRASTS
from synthesis.common.engine_tables import report
from synthesis.common.tables import NAMES, Row, summarize
from synthesis.methods.cdm.__main__ import main
from synthesis.methods.cdm.card import card, write_card
from synthesis.methods.cdm.card_figures import compared, gather
from synthesis.referee.downstream import summarize as summarize_dice

BUNDLES = Path(__file__).parents[2] / "bundles"
TINY = BUNDLES / "cdm-tiny"
IMAGE = {"ssim": 0.8, "ssim_inner": 0.7, "r": 0.9, "mae": 0.05, "psnr_brasyn": 18.0, "sharpness": 0.6}


def row(patient: str, target: str, sources: str, psnr: float, **more: Any) -> Row:
    contrast = target if target in CONTRASTS else "t1ce"
    return {"patient": patient, "group": patient, "target": contrast, "sources": sources, "psnr": psnr} | (
        IMAGE | more | {"target": target}
    )


def others(target: str) -> str:
    return "+".join(c for c in CONTRASTS if c != target.split()[0])


def engine(names: str, every: bool = False, psnr: float = 20.0) -> dict[str, Any]:
    """The summary of `engine_scores` of these patients"""
    files = []
    for i, name in enumerate(names):
        rows = [row(name, target, others(target), psnr + i) for target in CONTRASTS]
        copies = [row(name, "t1", "t1ce", 18.5 + i), row(name, "t1", "t2", 10.0 + i)] if every else []
        job = {
            "sources": "t1+t2+flair",
            "refused": "Too dark." if i else None,
            "head": "",
            "region_dice": 0.995,
        }
        files.append(
            {"patient": name, "bundle": "tiny 0.9.0 12ab", "jobs": [job], "rows": rows, "copies": copies}
        )
    return report(files, "title")[0]


def networks(auc: float, precision: float) -> dict[str, Any]:
    """The summary of `evaluate`: three patients with a tumour, one with multiple sclerosis"""
    rows = []
    for i, name in enumerate("pqrs"):
        for target in NAMES:
            figures: dict[str, Any] = {"lesion_kind": "ms" if name == "s" else "tumour", "lesion_bias": -0.02}
            figures |= {"lesion_size": "above 10 mL", "lesion_contrast_ratio": 0.9, "found_dice": 0.7}
            if target.startswith("t1ce"):
                figures |= {
                    "enhancing_ml": 10.0,
                    "missed_ml": 4.0,
                    "false_ml": 2.0 if " " in target else 50.0,
                }
                if name != "s":
                    figures |= {"auc_in_tumour_head": auc + i / 100, "average_precision_head": precision}
                    figures |= {"average_precision_t1": 0.1, "average_precision_flair": 0.2}
                    figures |= {"average_precision_synthetic": 0.15, "prevalence": 0.01}
                    figures |= {"calibration_error": 0.01, "calibration_error_in_tumour": 0.2}
            rows.append(row(name, target, others(target), 15.0 if " " in target else 21.0, **figures))
    return summarize(rows)


def comparison() -> dict[str, Any]:
    sampler = {
        "crps": 0.0312,
        "spread_skill8": 0.95,
        "spearman": 0.6,
        "coverage": 0.88,
        "worst_coverage": 0.7,
    }
    entry = {"diffusion": sampler, "gaussian": sampler | {"crps": 0.0333}, "none": {"crps": 0.04}, "cases": 9}
    return {"ships": "diffusion", "nominal_coverage": 0.882, "targets": {"t1": entry}}


def dices() -> dict[str, Any]:
    patients = [
        {
            "patient": name,
            "group": name,
            "acquired": {"whole": 0.9, "core": None, "enhancing": None, "ms": None},
            "synthetic": {"flair": {"whole": 0.8, "core": None, "enhancing": None, "ms": None}},
            "blank": {"flair": {"whole": 0.5, "core": None, "enhancing": None, "ms": None}},
        }
        for name in "pq"
    ]
    return {"summary": summarize_dice(patients), "patients": patients}


def write(run: Path, **content: Any) -> None:
    for name, summary in content.items():
        file = run / f"{name.replace('__', '/').replace('_', '-')}.json"
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(json.dumps(summary))


@pytest.fixture
def bundle(tmp_path: Path) -> Path:
    shutil.copytree(TINY, tmp_path / "bundle")
    return tmp_path / "bundle"


def test_card_of_a_bundle_of_which_nothing_was_measured(bundle: Path, tmp_path: Path) -> None:
    before = json.loads((bundle / "bundle.json").read_text())
    main(["card", "--bundle", str(bundle), "--run", str(tmp_path)])
    text = (bundle / "MODEL_CARD.md").read_text()
    assert "# CDM tiny (for tests only)" in text
    assert "- Looking at anybody's images: its weights are random." in text
    assert "**Not measured for this version:** figures on validation patients, out-of-fold" in text
    assert "GFLOP a slice" in text and "## Measured" not in text
    assert json.loads((bundle / "bundle.json").read_text()) == before
    assert json.loads((bundle / "evaluation.json").read_text()) == {}


def test_card_tells_what_was_measured(bundle: Path, tmp_path: Path) -> None:
    run = tmp_path / "run"
    write(run, engine__val_others=engine("abc"), engine__val_every=engine("abc", every=True))
    write(run, engine__val_others_3mm=engine("ab"), evaluation__train_all_others=networks(0.8, 0.4))
    write(run, downstream__train=dices(), comparison=comparison())
    write(tmp_path, earlier=engine("ab", psnr=19.5))
    write_card(bundle, run, tmp_path / "earlier.json")
    text = (bundle / "MODEL_CARD.md").read_text()
    assert "Measured on 3 patients never trained on" in text
    assert "| t1 | 3 | 21.00 (20.00 to 22.00) |" in text
    assert "| a | 20.00 / 0.800 | 20.00 / 0.800 |" in text
    assert "- b, t1+t2+flair: refused. Too dark." in text
    assert "18.00 (18.00 to 18.00) | 0.60 (0.60 to 0.60) |" in text
    assert "### Beside 0.9.0" in text
    assert "| t1 | 2 | 20.50, 20.00 | 0.800, 0.800 |" in text
    assert "| 0.60, 0.60 | +0.50 (+0.50 to +0.50) |" in text
    assert "gains +1.50 dB (t1 from t1ce + t2 + flair)" in text
    assert "| t1 | 20.50 / 0.800 | 20.50 / 0.800 |" in text  # of the same patients
    assert "| flair | whole | 2 | 0.900" in text and "A synthetic contrast helps the referee" in text
    assert "| t1 | Gaussian head | 9 | 0.0333 |" in text and "By these figures: diffusion." in text
    assert "| t2 | ms | 1 |" in text and "| t2 | tumour | 3 |" in text
    assert "out-of-fold figures through the command line." in text  # alone was not measured
    manifest = json.loads((bundle / "bundle.json").read_text())
    assert manifest["metrics"]["patients"] == 3
    assert manifest["metrics"]["targets"]["t1"]["psnr"] == 21
    assert manifest["metrics"]["out_of_fold"]["t2"] == {"psnr": 21.0, "ssim": 0.8}
    write_card(bundle)
    assert (bundle / "MODEL_CARD.md").read_text() == text


def test_card_tells_the_t1ce_that_is_shown(bundle: Path, tmp_path: Path) -> None:
    manifest = json.loads((bundle / "bundle.json").read_text())
    write(tmp_path, evaluation__train_all_others=networks(0.8, 0.4))
    without = gather(tmp_path, manifest)
    assert without["out_of_fold"]["t1ce"]["psnr"]["mean"] == 15
    assert (without["enhancement"]["false_ml"], without["enhancement"]["patients"]) == (8, 4)
    del manifest["indeterminate"], manifest["targets"]
    enhanced = gather(tmp_path, manifest)
    assert enhanced["out_of_fold"]["t1ce"]["psnr"]["mean"] == 21
    assert enhanced["enhancement"]["false_ml"] == 200
    assert "The bundle says of its T1ce" not in card(manifest | {"metrics": {}}, enhanced)


@pytest.mark.parametrize(
    ("auc", "precision", "failing"),
    [(0.8, 0.4, ()), (0.7, 0.4, ("auc",)), (0.8, 0.29, ("average_precision",))],
)
def test_enhancement_is_shown_only_if_the_gate_is_passed(
    bundle: Path, tmp_path: Path, auc: float, precision: float, failing: tuple[str, ...]
) -> None:
    manifest = json.loads((bundle / "bundle.json").read_text())
    write(tmp_path, evaluation__train_all_others=networks(auc, precision))
    figures = gather(tmp_path, manifest)
    found = figures["enhancement"]
    assert found["best_source"] == "flair"
    assert found["auc"]["n"] == 3
    assert tuple(name for name, holds in found["conditions"].items() if not holds) == failing
    assert found["passed"] == (not failing)
    text = card(manifest, figures)
    assert ("**Not all hold.**" if failing else "**All hold.**") in text
    assert "The bundle says of its T1ce: Enhancement is not predicted" in text


def test_only_patients_of_both_are_compared() -> None:
    rows = [row("a", "t1", "t2", 20.0), row("b", "t1", "t2", 30.0)]
    found = compared(rows, {"t1": {"a": {"psnr": 21.0}, "z": {"psnr": 5.0}}, "t2": {}})
    assert found["t1"]["psnr"]["now"]["mean"] == 20
    assert found["t1"]["psnr"]["difference"]["mean"] == -1
    assert found["t1"]["psnr"]["difference"]["n"] == 1
    assert set(found["t1"]) == {"psnr"}


def test_figures_of_another_kind_are_refused(bundle: Path, tmp_path: Path) -> None:
    write(tmp_path, engine__val_others=engine("a"), other={"x": 1})
    with pytest.raises(ValueError, match="not the summary of engine_scores of one bundle"):
        write_card(bundle, tmp_path, tmp_path / "other.json")


def test_the_manifest_keeps_its_check_in_short_lines(bundle: Path, tmp_path: Path) -> None:
    figures = {name: [float(n) for n in range(12)] for name in ("psnr", "ssim", "mae")}
    check = {"definition": "d", "figures": [{"target": "t2", "sources": ["t1"], **figures}], "foresight": {}}
    file = bundle / "bundle.json"
    file.write_text(json.dumps(json.loads(file.read_text()) | {"check": check}))
    write_card(bundle, tmp_path)
    assert json.loads(file.read_text())["check"] == check
    assert "[0.0, 1.0, 2.0, 3.0" in file.read_text()
    assert "## Check on this patient" in (bundle / "MODEL_CARD.md").read_text()


def test_shipped_cards_say_what_the_figures_say() -> None:
    for file in BUNDLES.glob("*/bundle.json"):
        manifest, evaluation = json.loads(file.read_text()), file.with_name("evaluation.json")
        if manifest["method"] == "cdm" and evaluation.exists():
            text = file.with_name("MODEL_CARD.md").read_text()
            assert text == card(manifest, json.loads(evaluation.read_text()))
