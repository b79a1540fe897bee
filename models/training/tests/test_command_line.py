"""How a command ends after an error of its user."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from synthesis.common.bootstrap import interval
from synthesis.common.command_line import exits_with_message
from synthesis.data import pack, prepare
from synthesis.methods.cdm.__main__ import main


def test_a_wrong_folder_ends_with_the_message_alone(tmp_path: Path) -> None:
    command = [
        sys.executable,
        "-m",
        "synthesis.data.prepare",
        "--data",
        str(tmp_path),
        "--work",
        str(tmp_path),
    ]
    ran = subprocess.run(
        command, capture_output=True, text=True, cwd=Path(__file__).parents[1], timeout=120, check=False
    )
    assert ran.returncode == 1 and ran.stdout == ""
    assert ran.stderr == (
        f"{tmp_path}: no patient folder with T1 or T1ce and a further contrast. Name files as BraTS does.\n"
    )


def test_every_command_ends_with_a_message(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder, recipe = str(tmp_path), tmp_path / "recipe.json"
    for module, given, message in (
        (prepare, ["--data", str(tmp_path / "nowhere"), "--work", folder], "No such file.*nowhere"),
        (pack, ["--work", folder, "--out", folder, "--size", "1"], "no prepared patient of train"),
    ):
        monkeypatch.setattr(sys, "argv", ["command", *given])
        with pytest.raises(SystemExit, match=message):
            module.main()
    train = ["train", "--data", folder, "--run", str(tmp_path / "run"), "--device", "cpu"]
    with pytest.raises(SystemExit, match="no patient folder with T1"):
        main(train)
    with pytest.raises(SystemExit, match="No such file.*recipe.json"):
        main([*train, "--recipe", str(recipe)])
    recipe.write_text(json.dumps({"chanels": 1}))
    with pytest.raises(SystemExit, match="no such setting: chanels"):
        main([*train, "--recipe", str(recipe)])


def test_a_fault_of_the_program_keeps_its_traceback() -> None:
    with pytest.raises(ValueError, match="argument 2 is shorter"), exits_with_message():
        interval([1.0], [])
