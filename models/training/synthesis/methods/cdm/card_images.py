"""What a model card says of the images: figures, patients, the bundle before, sources, thick slices."""

from __future__ import annotations

from ... import CONTRASTS
from ...common.engine_tables import subset_table
from ...common.markdown import table
from .card_figures import DEFINITION, IMAGE, Figures
from .card_text import text_of, texts_of

DECIMALS = {"psnr": 2, "psnr_brasyn": 2, "sharpness": 2, "mae": 4}  # else 3


def image_table(part: Figures, names: tuple[str, ...]) -> list[str]:
    """-> a table of figures by target"""
    kept = [name for name in names if any(name in columns for columns in part.values())]
    digits = {name: DECIMALS.get(name, 3) for name in kept}
    return table(
        ("target", "patients", *kept),
        [(target, columns["psnr"]["n"], *texts_of(columns, digits)) for target, columns in part.items()],
    )


def validation(figures: Figures) -> list[str]:
    """Every target from all others, of the validation patients."""
    if "validation" not in figures:
        return []
    found, targets = figures["validation"], figures["targets"]
    patients = list(dict.fromkeys(p for part in targets.values() for p in part))
    refused = [f"- {f['patient']}, {f['sources']}: {f['what']}" for f in figures["refused"]]
    dice = figures["region_dice"]
    overlap = (
        []
        if dice is None
        else [f"Lowest overlap (Dice) of the engine's region and the brain: {dice:.3f}.", ""]
    )
    return [
        f"## Measured on {len(patients)} patients never trained on",
        "",
        DEFINITION,
        "",
        "Every target from all other contrasts; mean over the patients, and in brackets its 95 % interval "
        "(bootstrap over persons):",
        "",
        *image_table(found, IMAGE),
        "Patient by patient (psnr / ssim):",
        "",
        *table(
            ("patient", *targets),
            [
                (p, *(f"{s[p]['psnr']:.2f} / {s[p]['ssim']:.3f}" if p in s else "" for s in targets.values()))
                for p in patients
            ],
        ),
        *overlap,
        *(["The engine refused:", "", *refused, ""] if refused else []),
    ]


def beside_earlier(figures: Figures) -> list[str]:
    """The same patients by the bundle before."""
    if not figures.get("earlier"):
        return []
    earlier = figures["earlier"]
    version = earlier["version"]
    names = ("psnr", "ssim", "ssim_inner", "psnr_brasyn", "sharpness")
    rows = []
    for target, columns in earlier["targets"].items():
        pairs = [columns.get(name) for name in names]
        digits = [DECIMALS.get(name, 3) for name in names]
        cells = (
            f"{p['now']['mean']:.{d}f}, {p['before']['mean']:.{d}f}" if p else ""
            for p, d in zip(pairs, digits)
        )
        change = text_of(columns["psnr"]["difference"], 2, sign=True)
        rows.append((target, columns["psnr"]["now"]["n"], *cells, change))
    return [
        f"### Beside {version}",
        "",
        f"The patients that both were measured on; each figure, then that of {version}.",
        "",
        *table(("target", "patients", *names, "psnr, difference"), rows),
    ]


def out_of_fold(figures: Figures) -> list[str]:
    """The training patients, each by a network that was not trained on it."""
    parts = {
        "Through the product's command line:": figures.get("engine_out_of_fold"),
        "The networks on prepared patients, in PyTorch:": figures.get("out_of_fold"),
    }
    if not any(parts.values()):
        return []
    lines = [
        "## Out of fold",
        "",
        "Training patients, each synthesized from all other contrasts by a network that was trained "
        "without it, compared with the contrast as acquired.",
        "",
    ]
    for title, part in parts.items():
        if part:
            lines += [
                title,
                "",
                *image_table(part, ("psnr", "ssim", "ssim_inner", "psnr_brasyn", "sharpness")),
            ]
    return lines


def subsets(figures: Figures) -> list[str]:
    """Every set of sources beside its best source."""
    if not figures.get("subsets"):
        return []
    return ["## Every set of sources", "", *subset_table(figures["subsets"])]


def thickness(figures: Figures) -> list[str]:
    """Thick slices."""
    if "thickness" not in figures:
        return []
    found = figures["thickness"]
    return [
        "## Thick slices",
        "",
        f"{max(part['psnr']['n'] for part in found['1'].values())} validation patients written as slices of "
        "that thickness, each the mean of its 1 mm slices, and compared with the target's slices "
        "(psnr / ssim):",
        "",
        *table(
            ("target", *(f"{mm} mm" for mm in found)),
            [
                (
                    target,
                    *(
                        f"{part[target]['psnr']['mean']:.2f} / {part[target]['ssim']['mean']:.3f}"
                        if target in part
                        else ""
                        for part in found.values()
                    ),
                )
                for target in CONTRASTS
                if target in found["1"]
            ],
        ),
    ]
