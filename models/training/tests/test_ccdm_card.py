"""The model card of CCDM, from made-up figures."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import pytest

from synthesis.common.bootstrap import Interval
from synthesis.common.fold_card import holds
from synthesis.common.tables import Row
from synthesis.methods.ccdm.__main__ import main
from synthesis.methods.ccdm.ablation import ARMS
from synthesis.methods.ccdm.card import card, gains
from synthesis.methods.ccdm.evaluate import LADDER
from synthesis.methods.ccdm.scores import DOSES

BUNDLES = Path(__file__).parents[2] / "bundles"
TINY = BUNDLES / "ccdm-tiny"


def row(patient: str, dose: float, told: float, psnr: float, **more: Any) -> Row:
    figures = {"ssim": 0.9, "average_precision": 0.5, "precision_share": 0.95, "missed": 0.1}
    figures |= {"false_ml": 0.2, "enhancement": 0.8, "mae": 0.01, "scale_ratio": 0.5}
    names = {"patient": patient, "group": patient, "dose": f"{dose:.0%}", "told": f"{told:.0%}", "noise": "1"}
    return {**names, "psnr": psnr, **figures, **more}


def write_run(run: Path, better: float, missed: float = 0.1) -> None:
    """Three patients whose psnr is `better` than that of the linear scaling"""
    pairs = [*((dose, dose) for dose in DOSES), (0.25, 0.125), (0.25, 0.5)]
    rows = [
        row(p, dose, told, 30 + i + better, missed=missed)
        for i, p in enumerate("pqr")
        for dose, told in pairs
    ]
    linear = [row(p, dose, dose, 30.0 + i) for i, p in enumerate("pqr") for dose in DOSES]
    linear += [{**row(p, 1.0, 1.0, 90.0), "dose": "acquired", "noise": "-"} for p in "pqr"]
    rising = list(LADDER)
    ladder = {"shown": rising, "slider": rising, "told": rising[::-1], "fall": 0.02}
    ladders = [{"patient": p, **ladder, "fall_slider": 0.0, "fall_told": 0.0} for p in "pqr"]
    run.mkdir()
    (run / "evaluation.json").write_text(json.dumps({"rows": rows, "ladders": [*ladders, {}]}))
    (run / "baseline.json").write_text(json.dumps({"rows": linear}))


def test_a_card_says_what_holds_and_what_does_not(tmp_path: Path) -> None:
    bundle = tmp_path / "tiny"
    shutil.copytree(TINY, bundle)
    write_run(tmp_path / "good", 2.0)
    main(["card", "--bundle", str(bundle), "--run", str(tmp_path / "good"), "--fold", "0"])
    text = (bundle / "MODEL_CARD.md").read_text()
    assert "3 patients never trained on" in text and "trained without them" in text
    assert "simulated doses" in text and "cannot know gadolinium" not in text
    assert "| yes |" in text and "**no**" not in text
    assert "| 25% | 12% | 1 | 3 |" in text and "| 10% | 1 | linear | 3 | 31.00" in text
    manifest = json.loads((bundle / "bundle.json").read_text())
    assert manifest["metrics"]["doses"]["25%"]["psnr"] == 33.0
    figures = json.loads((bundle / "evaluation.json").read_text())
    assert gains(figures, 0.5).mean == pytest.approx(2)
    # again from the bundle alone
    main(["card", "--bundle", str(bundle)])
    assert (bundle / "MODEL_CARD.md").read_text() == text

    arms = [
        {"arm": arm, "sample_psnr": 20.0, **row(p, 0.25, 0.25, 30.0 + i)}
        for i, arm in enumerate(ARMS)
        for p in "pq"
    ]
    (tmp_path / "good/ablation.json").write_text(json.dumps({"steps": 5, "batch": 8, "rows": arms}))
    main(["card", "--bundle", str(bundle), "--run", str(tmp_path / "good")])
    text = (bundle / "MODEL_CARD.md").read_text()
    assert "5 steps of 8 examples" in text
    assert "| soft vicinity | 25% | 25% | 2 | 31.00 (+1.00 +- 0.00) |" in text

    write_run(tmp_path / "bad", -1.0, missed=0.3)
    main(["card", "--bundle", str(bundle), "--run", str(tmp_path / "bad")])
    text = (bundle / "MODEL_CARD.md").read_text()
    assert text.count("**no**") == 4 and "has no figures of its own" in text


def test_what_holds_only_in_the_mean_is_said_so() -> None:
    found = Interval(0.95, 0.85, 1.1, 0.1, 9)
    assert holds(found, least=0.8) == "yes" == holds(found, most=1.2) == holds(found, 0.8, 1.2)
    assert holds(found, least=0.9) == "in the mean" == holds(found, most=1.0) == holds(found, 0.8, 1.0)
    assert holds(found, least=1.0) == "**no**" == holds(found, most=0.9) == holds(found, 0.96, 1.2)


def test_a_card_without_figures_has_none(tmp_path: Path) -> None:
    manifest = json.loads((TINY / "bundle.json").read_text())
    assert "Measured on" not in card(manifest, {})
    with pytest.raises(SystemExit, match="evaluation.json"):
        main(["card", "--bundle", str(TINY), "--run", str(tmp_path)])


@pytest.mark.parametrize("bundle", [b for b in BUNDLES.glob("ccdm-*") if (b / "evaluation.json").exists()])
def test_the_card_of_a_bundle_is_what_its_figures_say(bundle: Path) -> None:
    manifest, figures = (
        json.loads((bundle / name).read_text()) for name in ("bundle.json", "evaluation.json")
    )
    assert (bundle / "MODEL_CARD.md").read_text() == card(manifest, figures)
