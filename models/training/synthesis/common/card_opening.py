"""The first sections of a model card: what a bundle is, what it is for, and what it was trained on."""

from __future__ import annotations

from typing import Any

NO_ENHANCEMENT = (
    "A synthetic T1ce cannot know gadolinium uptake: the absence of enhancement in it excludes nothing."
)


def opening(manifest: dict[str, Any], sizes: str, caution: str = NO_ENHANCEMENT) -> list[str]:
    """Manifest, the bundle's size in words, and what a reader of its images must know first -> the sections,
    from the manifest alone"""
    return [
        f"# {manifest['name']}",
        "",
        f"**Predicted, not measured.** {caution}",
        "",
        f"`{manifest['id']}` {manifest['version']}, method {manifest['method']}, {sizes}. "
        "Generated from `bundle.json` and `evaluation.json`; do not edit.",
        "",
        "**For.** " + manifest["intended_use"],
        "",
        "**Not for.**",
        "",
        *(f"- {item}" for item in manifest["not_for"]),
        "",
        "**Licence of the weights.** " + manifest["license"] + ".",
        "",
        "## What it cannot do",
        "",
        *(f"- {item}" for item in manifest["limitations"]),
        "",
        "## Training data",
        "",
        *(f"- {item['name']}: {item['terms']}." for item in manifest["data_sources"]),
        "",
    ]
