"""The model card of CMDM, from made-up figures."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import pytest

from synthesis.common.tables import Row
from synthesis.methods.cmdm.__main__ import main
from synthesis.methods.cmdm.card import card
from synthesis.methods.cmdm.evaluate import PRIOR, REFINED

BUNDLES = Path(__file__).parents[2] / "bundles"
TINY = BUNDLES / "cmdm-tiny"
TARGETS = ("flair", "t1ce without enhancement")


def rows_of(lost: float, sharpness: float) -> list[Row]:
    """Three patients, two targets; refining costs so many dB and makes so sharp."""

    def row(patient: str, target: str, result: str, **figures: Any) -> Row:
        names = {"patient": patient, "group": patient, "target": target, "sources": "t1+t2"}
        more = {"false_ml": 1.0} if target != "flair" else {}
        return (
            {**names, "result": result, "ssim": 0.7, "rank": 0.4, "lesion_contrast_ratio": 0.9}
            | more
            | figures
        )

    return [
        row(p, target, result, psnr=20.0 + i - (lost if result == REFINED else 0), sharpness=sharp)
        for i, p in enumerate("pqr")
        for target in TARGETS
        for result, sharp in ((PRIOR, 0.2), (REFINED, sharpness))
    ]


def write_run(run: Path, lost: float, sharpness: float) -> None:
    rows = rows_of(lost, sharpness)
    sampling = {"paths": 2, "steps": 4, "shortcut": 600, "cascades": 1}
    run.mkdir()
    (run / "evaluation.json").write_text(json.dumps({"rows": rows, "sampling": sampling, "slices": 32}))


def test_a_card_says_what_holds_and_what_does_not(tmp_path: Path) -> None:
    bundle = tmp_path / "tiny"
    shutil.copytree(TINY, bundle)
    write_run(tmp_path / "good", 0.5, 0.95)
    main(["card", "--bundle", str(bundle), "--run", str(tmp_path / "good"), "--fold", "0"])
    text = (bundle / "MODEL_CARD.md").read_text()
    assert "3 patients never trained on" in text and "trained without them" in text
    assert "drawn at random" in text and "cannot know gadolinium" in text
    assert "32 slices around the largest lesion of each patient" in text
    assert "| yes |" in text and "**no**" not in text
    assert text.index("flair: psnr") < text.index("t1ce without enhancement: psnr")
    assert "| flair: psnr beside the prior, dB | -0.50 (-0.50 to -0.50) | at least -0.7 | yes |" in text
    assert "t1ce without enhancement: false" in text and "flair: false" not in text
    assert (
        "paths: 2, steps: 4 from timestep 600, cascades: 1" in text and "| flair, prior | 3 | 21.00" in text
    )
    manifest = json.loads((bundle / "bundle.json").read_text())
    assert manifest["metrics"]["targets"]["flair"]["psnr"] == 20.5 and manifest["metrics"]["patients"] == 3
    # again from the bundle alone
    main(["card", "--bundle", str(bundle)])
    assert (bundle / "MODEL_CARD.md").read_text() == text

    compared = {PRIOR: rows_of(0, 0.2)[:1], "1 paths": [rows_of(0.3, 0.9)[1] | {"psnr_change": -0.3}]}
    (tmp_path / "good/table.json").write_text(json.dumps(compared))
    main(["card", "--bundle", str(bundle), "--run", str(tmp_path / "good")])
    text = (bundle / "MODEL_CARD.md").read_text()
    assert "| 1 paths | 1 | -0.30" in text and "has no figures of its own" in text

    write_run(tmp_path / "bad", 0.9, 0.4)
    main(["card", "--bundle", str(bundle), "--run", str(tmp_path / "bad")])
    assert (bundle / "MODEL_CARD.md").read_text().count("**no**") == 4


def test_a_card_without_figures_has_none(tmp_path: Path) -> None:
    manifest = json.loads((TINY / "bundle.json").read_text())
    assert "Measured on" not in card(manifest, {})
    with pytest.raises(SystemExit, match="evaluation.json"):
        main(["card", "--bundle", str(TINY), "--run", str(tmp_path)])


@pytest.mark.parametrize("bundle", [b for b in BUNDLES.glob("cmdm-*") if (b / "evaluation.json").exists()])
def test_the_card_of_a_bundle_is_what_its_figures_say(bundle: Path) -> None:
    manifest, figures = (
        json.loads((bundle / name).read_text()) for name in ("bundle.json", "evaluation.json")
    )
    assert (bundle / "MODEL_CARD.md").read_text() == card(manifest, figures)
