"""What a model card says of lesions: their contrast, enhancement, and what a segmentation makes of them."""

from __future__ import annotations

from ...common.markdown import table
from ...referee import downstream
from .card_figures import (
    LARGEST_CALIBRATION_ERROR,
    LEAST_AUC,
    LEAST_AUC_LOW,
    LEAST_PRECISION,
    Figures,
    Manifest,
)
from .card_text import text_of, texts_of


def lesions(figures: Figures) -> list[str]:
    """Lesions in the images, and those that the lesion head finds."""
    if "lesions" not in figures:
        return []
    columns = {
        "lesion_psnr": ("psnr", 2),
        "lesion_bias": ("bias", 3),
        "lesion_cnr_real": ("CNR real", 2),
        "lesion_cnr_synthetic": ("CNR synthetic", 2),
        "lesion_cnr_ratio": ("synthetic / real", 2),
        "lesion_contrast_ratio": ("contrast / real", 2),
    }
    digits = {name: n for name, (_, n) in columns.items()}
    by = "through the command line" if "engine_out_of_fold" in figures else "in PyTorch"
    lines = [
        "## Lesions",
        "",
        f"Segmented training patients, out of fold, {by}. psnr and mean bias inside the lesion (scaled "
        "intensity); contrast-to-noise ratio of the lesion against healthy white matter, unclipped; "
        "contrast: the difference alone, which a smooth white matter does not increase.",
        "",
        *table(
            ("target", "kind", "patients", *(title for title, _ in columns.values())),
            [
                (row["target"], row["kind"], row["lesion_bias"]["n"], *texts_of(row, digits))
                for row in figures["lesions"]
            ],
        ),
    ]
    if "detection" in figures:
        names = {"found_dice": 3, "found_sensitivity": 2, "found_false": 1, "found_volume_ratio": 2}
        lines += [
            "Lesions found by the lesion head without the target (components of at least 50 mm3): Dice, "
            "share found, false ones a patient, volume found over true:",
            "",
            *table(
                ("without", "Dice", "found", "false", "volume"),
                [(target, *texts_of(part, names)) for target, part in figures["detection"].items()],
            ),
        ]
    return lines


def enhancement(manifest: Manifest, figures: Figures) -> list[str]:
    """Whether enhancement is predicted."""
    if "enhancement" not in figures:
        return []
    found = figures["enhancement"]
    best = found["best_source_average_precision"]["mean"]
    held = {name: "yes" if holds else "no" for name, holds in found["conditions"].items()}
    said = manifest.get("targets", {}).get("t1ce", {}).get("caution")
    return [
        "## Enhancement",
        "",
        "Patients with a tumour, out of fold, from all contrasts but T1ce. The T1ce may show enhancement "
        "only if all three hold:",
        "",
        *table(
            ("figure of the probability", "measured", "asked", "holds"),
            [
                (
                    "AUC inside tumours",
                    text_of(found["auc"], 2),
                    f"at least {LEAST_AUC}, its interval above {LEAST_AUC_LOW}",
                    held["auc"],
                ),
                (
                    "average precision in the brain",
                    text_of(found["average_precision"]),
                    f"{LEAST_PRECISION} times that of the best source ({found['best_source']}, {best:.3f})",
                    held["average_precision"],
                ),
                (
                    "calibration error in the brain",
                    text_of(found["calibration_error"]),
                    f"at most {LARGEST_CALIBRATION_ERROR}",
                    held["calibration_error"],
                ),
            ],
        ),
        f"Chance has an average precision of {found['prevalence']['mean']:.3f}; inside tumours the "
        f"calibration error is {text_of(found['calibration_error_in_tumour'])}.",
        "",
        "**All hold.**" if found["passed"] else "**Not all hold.**",
        "",
        *([f"The bundle says of its T1ce: {said}", ""] if said else []),
        f"In the T1ce that is shown, {found['missed_ml']:.1f} of {found['enhancing_ml']:.1f} mL segmented as "
        f"enhancing are missed, and {found['false_ml']:.1f} mL are false, over {found['patients']} patients. "
        "Enhancing: T1ce minus T1 exceeds that of healthy white matter by more than three standard "
        "deviations, in components of at least 0.05 mL, 4 mm under the surface.",
        "",
    ]


def referee(figures: Figures) -> list[str]:
    """What a segmentation network makes of the synthetic contrast."""
    if "referee" not in figures:
        return []
    # Its last line is what it concludes, the lines before it the table.
    _, _, text = downstream.markdown(figures["referee"], "").partition("\n\n")
    return [
        "## What a machine can use of it",
        "",
        "An independent segmentation network, out of fold, with four acquired contrasts, with one of them "
        "synthetic, and with that one blank. " + text.rstrip(),
        "",
    ]
