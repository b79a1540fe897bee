"""Sections of a model card on how the viewer tells doubt; from the manifest alone."""

from __future__ import annotations

from typing import Any

import numpy as np

from .. import CONTRASTS
from .markdown import table

Manifest = dict[str, Any]


def doubt(manifest: Manifest) -> list[str]:
    """-> the sections of what was measured; none of what was not"""
    return check(manifest) + inputs(manifest)


def check(manifest: Manifest) -> list[str]:
    """Check on this patient: figures on other patients, and whether it foretells the true error."""
    if "check" not in manifest:
        return []
    measured = manifest["check"]
    patients = max(len(row["psnr"]) for row in measured["figures"])
    return [
        "## Check on this patient",
        "",
        f"Contrasts made again from other contrasts, on up to {patients} patients that the bundle was not "
        "trained on (`python -m synthesis.common.check_bundle`); median, and in brackets the 5th and 95th "
        "percentile. A new patient's figures are ranked among these.",
        "",
        measured["definition"],
        "",
        *table(
            ("contrast", "from", "patients", "psnr, dB", "ssim", "mean error"),
            [
                (
                    row["target"],
                    ", ".join(row["sources"]),
                    len(row["psnr"]),
                    spread(row["psnr"], 1),
                    spread(row["ssim"], 3),
                    spread(row["mae"], 3),
                )
                for row in measured["figures"]
            ],
        ),
        "Spearman's correlation of the check (mean rank of its errors) with the true error of the contrast "
        "that is missing:",
        "",
        *table(
            ("missing", "correlation", "95 % interval", "patients"),
            [
                (
                    target,
                    f"{found['spearman']:.2f}",
                    f"{found['interval'][0]:.2f} to {found['interval'][1]:.2f}",
                    found["patients"],
                )
                for target in CONTRASTS
                if (found := measured["foresight"].get(target))
            ],
        ),
        "Under 0.3 the viewer says that the check shows the tool's work, not its error here. Of enhancement "
        "it says nothing.",
        "",
    ]


def inputs(manifest: Manifest) -> list[str]:
    """Inputs unlike those of patients."""
    if "input_distribution" not in manifest:
        return []
    known = manifest["input_distribution"]
    return [
        "## Unusual inputs",
        "",
        f"The viewer compares the inputs with those of {known['patients']} training patients, and is amber "
        f"beyond the {known['percentile']}th percentile. What it catches, what passes and its false alarms: "
        "`docs/doubt.md`.",
        "",
    ]


def spread(values: list[float], digits: int) -> str:
    """-> "20.1 (17.0, 23.4)": median, 5th and 95th percentile"""
    low, middle, high = np.percentile(values, (5, 50, 95))
    return f"{middle:.{digits}f} ({low:.{digits}f}, {high:.{digits}f})"
