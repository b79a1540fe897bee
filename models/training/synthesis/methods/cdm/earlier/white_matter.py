"""The signal of healthy white matter on the bundle's scale: `white_matter` in bundle.json, of which the
engine's error maps tell per cent."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np

from ....data.archive import Case, read_archive
from ....data.codes import decode
from ....data.white_matter import white_matter
from . import CONTRASTS


def signals(case: Case) -> dict[str, float]:
    """-> by contrast that may be a target the median of healthy white matter, normalized as the archive and
    the engine do: by the 0.5 and 99.5 percentiles inside the brain"""
    stored = case.arrays()
    volumes = {c: decode(stored.image[c]) * stored.brain for c, fit in enumerate(case.target) if fit}
    if not volumes:
        return {}
    white = white_matter(volumes, stored.brain, stored.labels > 0, case.slice_spacing)
    if not white.any():
        return {}
    return {CONTRASTS[c]: float(np.median(volume[white])) for c, volume in volumes.items()}


def measure(data: Path, bundle: Path) -> None:
    """Write `white_matter` into a bundle's manifest: by contrast the median over the training patients.
    Prints their quartiles."""
    patients = [signals(case) for case in read_archive(data) if case.split == "train"]
    found = {c: [p[c] for p in patients if c in p] for c in CONTRASTS}
    for contrast, values in found.items():
        low, high = np.percentile(values, (25, 75))
        print(f"{contrast}: {len(values)} patients, quartiles {low:.3f} and {high:.3f}")
    path = bundle / "bundle.json"
    manifest = json.loads(path.read_text())
    manifest["white_matter"] = {c: round(float(np.median(v)), 3) for c, v in found.items()}
    path.write_text(json.dumps(manifest, indent=1) + "\n")
