"""Looks at the validation patients. Each may let a choice be fitted to them, so each is recorded with its
reason."""

from __future__ import annotations

import datetime
import json
from pathlib import Path

FILE = Path(__file__).parents[2] / "validation-looks.json"


def record_look(what: str, why: str | None, file: Path = FILE) -> int:
    """Add a look of today to the tracked file -> the number of looks. A resumed evaluation is another look.
    Raises ValueError without a reason."""
    if why is None or not why.strip():
        raise ValueError(f"{what}: a look at the validation patients needs a reason; pass one as `why`.")
    looks = json.loads(file.read_text()) if file.exists() else []
    looks.append({"date": datetime.date.today().isoformat(), "what": what, "why": why.strip()})
    file.write_text(json.dumps(looks, indent=2) + "\n")
    print(f"Look {len(looks)} at the validation patients: {what}, {why.strip()}")
    return len(looks)
