"""The number of looks at the validation patients. Each look lets a choice be fitted to them, so each is
written down with its reason."""

from __future__ import annotations

import datetime
import json
from pathlib import Path

BOOK = Path(__file__).parents[2] / "validation-looks.json"


def look(what: str, why: str | None, book: Path = BOOK) -> int:
    """Adds a look of today to the tracked file -> how many there have been. A resumed evaluation is
    another look. Raises ValueError without a reason."""
    if why is None or not why.strip():
        raise ValueError(f"{what}: a look at the validation patients needs a reason; pass one as `why`.")
    looks = json.loads(book.read_text()) if book.exists() else []
    looks.append({"date": datetime.date.today().isoformat(), "what": what, "why": why.strip()})
    book.write_text(json.dumps(looks, indent=2) + "\n")
    print(f"Look {len(looks)} at the validation patients: {what}, {why.strip()}")
    return len(looks)
