"""The model card, made from a bundle's manifest and, where it exists, its `evaluation.json`."""
from __future__ import annotations

import json
from pathlib import Path
from typing import Any, Iterable

COLUMNS = ("psnr", "ssim", "ssim_inner", "r", "mae", "psnr_brasyn", "ssim_brasyn")


def table(header: Iterable[str], rows: Iterable[Iterable[Any]]) -> list[str]:
    def line(cells: Iterable[Any]) -> str:
        return "| " + " | ".join(f"{c:.3f}" if isinstance(c, float) else str(c) for c in cells) + " |"

    header = list(header)
    return [line(header), line("---" for _ in header), *(line(row) for row in rows), ""]


def card(manifest: dict[str, Any], evaluation: dict[str, Any] | None) -> str:
    """-> Markdown"""
    size = sum(file["bytes"] for file in manifest["files"]["fp32"].values())
    lines = [f"# {manifest['name']}", "",
             "**Predicted, not measured.** A synthetic T1ce cannot know gadolinium uptake: the absence of enhancement in it excludes nothing.", "",
             f"`{manifest['id']}` {manifest['version']}, method {manifest['method']}, {size / 1e6:.1f} MB. "
             "Generated from `bundle.json`; do not edit.", "",
             "**Intended use.** " + manifest["intended_use"], "",
             "**Licence of the weights.** " + manifest["license"] + ".", "",
             "## Limitations", "", *(f"- {item}" for item in manifest["limitations"]), "",
             "## Training data", "", *(f"- {item['name']}: {item['terms']}." for item in manifest["data_sources"]), ""]
    metrics = manifest["metrics"]
    if metrics:
        rows = [(target, " + ".join(m["sources"]), m["samples"], *(m[c] for c in COLUMNS)) for target, m in metrics["targets"].items()]
        best = [(target, m["best_single_source"]["contrast"], m["best_single_source"]["psnr"], m["best_single_source"]["ssim"])
                for target, m in metrics["targets"].items()]
        ablation = metrics["ablation"]
        lines += [f"## Measured on {metrics['patients']} patients never trained on", "", metrics["definition"], "",
                  *table(("target", "sources", "samples", *COLUMNS), rows),
                  "Copying the best acquired source instead:", "",
                  *table(("target", "best single source", "psnr", "ssim"), best),
                  "The same with other tokens: none at all (zeros), or the true ones, which nobody has in practice (psnr / ssim):", "",
                  *table(("target", "sampled tokens", *(name.replace("_", " ") for name in ablation)),
                         [(t, f"{m['psnr']:.2f} / {m['ssim']:.3f}",
                           *(f"{ablation[name][t]['psnr']:.2f} / {ablation[name][t]['ssim']:.3f}" for name in ablation))
                          for t, m in metrics["targets"].items()])]
    if evaluation:
        lines += ["## Patient by patient (psnr / ssim)", "",
                  *table(("patient", *metrics["targets"]),
                         [(patient, *(f"{found[t]['psnr']:.2f} / {found[t]['ssim']:.3f}" for t in metrics["targets"]))
                          for patient, found in evaluation["patients"].items()]),
                  "## Number of samples (psnr / ssim)", "",
                  *table(("target", *evaluation["samples"]),
                         [(t, *(f"{found[t]['psnr']:.2f} / {found[t]['ssim']:.3f}" for found in evaluation["samples"].values()))
                          for t in metrics["targets"]]),
                  "## Every subset of sources (one sample)", "",
                  *table(("target", "sources", "psnr", "ssim"),
                         [(row["target"], " + ".join(row["sources"]), row["psnr"], row["ssim"]) for row in evaluation["rows"]])]
    lines += ["## Networks", "",
              *table(("network", "MFLOP a slice", "kB"),
                     [(name, f"{network['flops'] / manifest['grid']['slab'] / 1e6:.1f}",
                       round(manifest["files"]["fp32"][name]["bytes"] / 1e3))
                      for name, network in manifest["networks"].items()])]
    return "\n".join(lines).rstrip() + "\n"


def write_card(bundle: Path) -> None:
    evaluation = bundle / "evaluation.json"
    (bundle / "MODEL_CARD.md").write_text(card(
        json.loads((bundle / "bundle.json").read_text()), json.loads(evaluation.read_text()) if evaluation.exists() else None))
