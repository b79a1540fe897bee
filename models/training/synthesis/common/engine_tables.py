"""The summary of scores through the engine: tables, every set of sources beside a copy of the best, and the
patients to look at."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from .. import CONTRASTS
from .bootstrap import Interval, difference
from .markdown import table
from .tables import Row, column, markdown, summarize

LEAST_DICE = 0.99
"""Overlap of region and brain below which a patient is named."""


def report(patients: Sequence[Mapping[str, Any]], title: str) -> tuple[dict[str, Any], str]:
    """The files of all patients -> the summary for JSON, and its Markdown"""
    rows = [row for patient in patients for row in patient["rows"]]
    copies = [row for patient in patients for row in patient["copies"]]
    sets, faults = subset_rows(rows, copies), faults_of(patients)
    overlaps = [job["region_dice"] for p in patients for job in p["jobs"] if job["region_dice"] is not None]
    summary = {
        **summarize(rows),
        "patients": [patient["patient"] for patient in patients],
        "bundles": {patient["patient"]: patient["bundle"] for patient in patients},
        "lowest_region_dice": min(overlaps, default=None),
        "faults": faults,
        "subsets": sets,
    }
    parts = [markdown(rows, title)] if rows else [f"# {title}\n"]
    if sets:
        parts += ["## Every set of sources", "", *subset_table(sets)]
    parts += ["## Refusals and regions", ""]
    parts += [
        f"{len(patients)} patients. Lowest Dice of region and brain: {min(overlaps, default=0):.4f}.",
        "",
    ]
    parts += [f"- {fault['patient']}, from {fault['sources']}: {fault['what']}" for fault in faults]
    return summary, "\n".join(parts).rstrip() + "\n"


def faults_of(patients: Sequence[Mapping[str, Any]]) -> list[Row]:
    """-> the jobs that the engine refused, or whose region is not the brain"""
    faults = []
    for patient in patients:
        for job in patient["jobs"]:
            what = None
            if job["refused"] is not None:
                what = f"refused. {job['refused']}"
            elif job["region_dice"] is not None and job["region_dice"] < LEAST_DICE:
                what = f"region and brain overlap by {job['region_dice']:.4f}. {job['head']}"
            if what:
                faults.append({"patient": patient["patient"], "sources": job["sources"], "what": what})
    return faults


def subset_rows(rows: Sequence[Row], copies: Sequence[Row]) -> list[Row]:
    """-> for each target and set of sources its psnr and ssim, its best source as a copy, and the gain in dB
    over it with its interval, paired by patient; none without copies"""
    found = []
    for target in CONTRASTS:
        sets: dict[str, list[Row]] = {}
        for row in rows:
            if row["target"] == target:
                sets.setdefault(row["sources"], []).append(row)
        for sources, own in sets.items():
            patients = {row["patient"] for row in own}
            candidates = {
                name: [
                    c
                    for c in copies
                    if c["target"] == target and c["sources"] == name and c["patient"] in patients
                ]
                for name in sources.split("+")
            }
            candidates = {name: those for name, those in candidates.items() if those}
            if not candidates:
                continue
            best = max(candidates, key=lambda name: column(candidates[name], "psnr").mean)
            gain = difference(
                {c["patient"]: c["psnr"] for c in candidates[best]},
                {row["patient"]: row["psnr"] for row in own},
                {row["patient"]: row["group"] for row in own},
            )
            found.append(
                {
                    "target": target,
                    "sources": sources.split("+"),
                    "psnr": column(own, "psnr").mean,
                    "ssim": column(own, "ssim").mean,
                    "best_source": best,
                    "best_source_psnr": column(candidates[best], "psnr").mean,
                    "best_source_ssim": column(candidates[best], "ssim").mean,
                    "gain": vars(gain),
                }
            )
    return found


def subset_table(sets: Sequence[Row]) -> list[str]:
    """-> the table of `subset_rows`, and its worst row in a sentence"""
    worst = min(sets, key=lambda row: row["gain"]["mean"])
    return [
        "Each row also has the best of its sources, fitted by a least-squares line: a copy. The worst row "
        f"gains {worst['gain']['mean']:+.2f} dB ({worst['target']} from {' + '.join(worst['sources'])}).",
        "",
        *table(
            ("target", "sources", "psnr", "ssim", "best source", "its psnr", "its ssim", "gain, dB"),
            [
                (
                    row["target"],
                    " + ".join(row["sources"]),
                    f"{row['psnr']:.2f}",
                    row["ssim"],
                    row["best_source"],
                    f"{row['best_source_psnr']:.2f}",
                    row["best_source_ssim"],
                    Interval(**row["gain"]).text(),
                )
                for row in sets
            ],
        ),
    ]
