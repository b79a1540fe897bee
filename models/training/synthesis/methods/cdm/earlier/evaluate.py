"""Measures a bundle with the engine, and writes the result into its manifest, `evaluation.json` and model
card.

The evaluation has parts. Each writes its figures as JSON to `<run>/evaluation`, so that an interrupted
evaluation continues where it stopped. Pictures of patients go to `<run>/evaluation/figures` alone.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import numpy as np

from ....common.bundle import write_manifest
from . import CONTRASTS, ablation, calibration, figures, lesions, parity, spread, uncertainty
from .card import write_card
from .config import Config
from .cross_validation import BUNDLE, cross_validation
from .data import fold_of, others, subsets
from .engine import synthesize
from .evaluation import Evaluation, Figures, mean_of, short
from .metrics import DEFINITION, compare, slicewise_ssim
from .thickness import THICKNESSES, thick

UNCERTAINTY_SAMPLES = 8
ORIGIN_PATIENTS = 3


def main_table(e: Evaluation) -> Figures:
    """Each target from all others, as the bundle ships: every metric of every patient, in 3-D and slice by
    slice, and pictures."""
    found: Figures = {name: {} for name in CONTRASTS}
    jobs = [e.job(p, t) for p, t in e.cases()]
    for (patient, target), (job, result) in zip(e.cases(), synthesize(jobs, e.work)):
        volumes, brain = job.stack.volumes, job.stack.brain
        scores = compare(result.mean, volumes[target], brain) | slicewise_ssim(
            result.mean, volumes[target], brain
        )
        found[CONTRASTS[target]][patient.id] = {key: round(value, 4) for key, value in scores.items()}
        figures.draw_row(e.folder / "figures" / f"{CONTRASTS[target]}-{patient.id}.png", job, result)
        print(f"{CONTRASTS[target]} {patient.id}: {scores['psnr']:.2f} dB / {scores['ssim']:.3f}", flush=True)
    return found


def subset_table(e: Evaluation) -> Figures:
    """Every target from every non-empty subset of the others, compared with a least-squares copy of the
    subset's best source."""
    rows = [(t, s) for t in range(len(CONTRASTS)) for s in subsets(others(t))]
    cases = [(t, s, p) for t, s in rows for p in e.validation if t in p.targets and s != others(t)]
    scores: dict[tuple[int, tuple[int, ...]], list[Figures]] = {row: [] for row in rows}
    for patient, target in e.cases():
        scores[target, others(target)].append(e.measured(patient, target))
    copies: dict[tuple[int, int], list[Figures]] = {}
    jobs = [e.job(p, t, s) for t, s, p in cases]
    for (target, sources, patient), (job, result) in zip(cases, synthesize(jobs, e.work)):
        scores[target, sources].append(
            short(compare(result.mean, job.stack.volumes[target], job.stack.brain, brasyn=False))
        )
        if len(sources) == 1:
            copy = compare(
                job.stack.volumes[sources[0]], job.stack.volumes[target], job.stack.brain, brasyn=False
            )
            copies.setdefault((target, sources[0]), []).append(short(copy))
    table = []
    for target, sources in rows:
        best, source = max((mean_of(copies[target, s])["psnr"], s) for s in sources)
        row = mean_of(scores[target, sources])
        table.append(
            {
                "target": CONTRASTS[target],
                "sources": [CONTRASTS[s] for s in sources],
                **row,
                "best_source": CONTRASTS[source],
                "best_source_psnr": best,
                "best_source_ssim": mean_of(copies[target, source])["ssim"],
                "gain": round(row["psnr"] - best, 2),
            }
        )
    return {"rows": table}


def lesion_table(e: Evaluation) -> Figures:
    """Lesions of every segmented patient by cross-validation."""
    cases = [(p, t, synthesizer) for p, synthesizer in cross_validation(e) for t in p.targets]
    found: Figures = {name: {} for name in CONTRASTS}
    jobs = [e.job(p, t, **synthesizer.job) for p, t, synthesizer in cases]
    for (patient, target, synthesizer), (_, result) in zip(cases, synthesize(jobs, e.work)):
        found[CONTRASTS[target]][patient.id] = {
            "by": synthesizer.name,
            **lesions.measure_lesion(result.mean, patient, target),
        }
    return {"patients": found}


def lesion_origin(e: Evaluation) -> Figures:
    """Three patients, those of validation first, then multiple sclerosis, then the largest lesions: with the
    lesion filled in the sources, and with a second one inserted on the other side."""
    found: Figures = {name: {} for name in CONTRASTS}
    chosen = sorted(
        cross_validation(e),
        key=lambda c: (c[1] is not BUNDLE, lesions.kind(c[0]) != "ms", -np.count_nonzero(c[0].lesion)),
    )
    for patient, synthesizer in chosen[:ORIGIN_PATIENTS]:
        filled, (inserted, there) = lesions.without_lesion(patient), lesions.with_second_lesion(patient)
        jobs = [
            e.job(patient, t, stack=s, **synthesizer.job)
            for t in patient.targets
            for s in (e.stack(patient), filled, inserted)
        ]
        results = [result.mean for _, result in synthesize(jobs, e.work)]
        for i, target in enumerate(patient.targets):
            three = results[3 * i : 3 * i + 3]
            found[CONTRASTS[target]][patient.id] = {
                "by": synthesizer.name,
                **lesions.origin(*three, patient, there),
            }
            figures.draw_origin(
                e.folder / "figures" / f"origin-{CONTRASTS[target]}-{patient.id}.png", patient, target, three
            )
    return found


def calibration_table(e: Evaluation) -> Figures:
    """The intensity calibration, fitted out of fold on training patients: the scores of each strength on
    patients that the curve was not fitted on, and the curve that ships, of the greatest strength that hardly
    costs psnr."""
    update_manifest(e.bundle, tone={})
    folds = fold_of(e.training, e.config.folds)
    cases = [
        (p, CONTRASTS.index(c))
        for c in e.config.calibrated
        for p in e.training
        if folds[p.id] < e.config.members and CONTRASTS.index(c) in p.targets
    ]
    jobs = [e.job(p, t, samples=1, members=[folds[p.id]]) for p, t in cases]
    drawn: dict[int, list[calibration.Case]] = {}
    for (_, target), (job, result) in zip(cases, synthesize(jobs, e.work)):
        brain = job.stack.brain
        drawn.setdefault(target, []).append(
            calibration.Case.draw(result.mean[brain], job.stack.volumes[target][brain])
        )
    return {CONTRASTS[t]: calibration.fitted(found) for t, found in drawn.items()}


def spread_table(e: Evaluation) -> Figures:
    """Weights and factor of the spread, fitted out of fold on training patients: every target from all others
    and from one random subset. The diffusion networks were trained on these patients, but the error hardly
    depends on them."""
    folds, random = fold_of(e.training, e.config.folds), np.random.default_rng(0)
    cases = []
    for patient in (p for p in e.training if folds[p.id] < e.config.members):
        for target in patient.targets:
            *fewer, present = subsets(tuple(s for s in others(target) if s in patient.sources))
            cases += [
                (patient, target, s)
                for s in (present, *(fewer[i] for i in random.permutation(len(fewer))[:1]))
            ]
    jobs = [e.job(p, t, s, samples=1, members=[folds[p.id]]) for p, t, s in cases]
    drawn: dict[int, list[spread.Case]] = {t: [] for t in range(len(CONTRASTS))}
    for (patient, target, _), (job, result) in zip(cases, synthesize(jobs, e.work)):
        volumes, brain = job.stack.volumes, job.stack.brain
        error, slope = uncertainty.error_on_line(result.mean, volumes[target], brain)
        known = spread.terms(result.scale, result.mean, volumes[list(job.sources)], brain)
        drawn[target].append(spread.Case.draw(patient.id, len(job.sources), known, error[brain], slope))
    return {CONTRASTS[t]: spread.fitted(found) for t, found in drawn.items() if found}


def uncertainty_table(e: Evaluation) -> Figures:
    """Eight samples: spread and standard deviation of the samples, compared with the error."""
    found: Figures = {name: {} for name in CONTRASTS}
    jobs = [e.job(p, t, samples=UNCERTAINTY_SAMPLES) for p, t in e.cases()]
    for (patient, target), (job, result) in zip(e.cases(), synthesize(jobs, e.work)):
        sources = job.stack.volumes[list(job.sources)]
        found[CONTRASTS[target]][patient.id] = uncertainty.measure(
            result.mean, result.spread, result.deviation, job.stack.volumes[target], sources, job.stack.brain
        )
    return found


def thickness_table(e: Evaluation) -> Figures:
    """Sources with slices of 1, 3 and 5 mm, averaged and interpolated along z."""
    cases = [(p, t, mm) for p, t in e.cases() for mm in THICKNESSES if mm > 1]
    scores: dict[tuple[int, int], list[Figures]] = {}
    for patient, target in e.cases():
        scores.setdefault((target, 1), []).append(e.measured(patient, target))
    jobs = [e.job(p, t, stack=thick(e.stack(p), mm)) for p, t, mm in cases]
    for (patient, target, mm), (_, result) in zip(cases, synthesize(jobs, e.work)):
        scores.setdefault((target, mm), []).append(
            short(compare(result.mean, patient.volumes()[target], np.asarray(patient.brain), brasyn=False))
        )
    return {
        CONTRASTS[t]: {f"{mm} mm": mean_of(scores[t, mm]) for mm in THICKNESSES}
        for t in range(len(CONTRASTS))
        if (t, 1) in scores
    }


PARTS: dict[str, Callable[[Evaluation], Figures]] = {
    "tone": calibration_table,
    "targets": main_table,
    "spread": spread_table,
    "lesions": lesion_table,
    "ablation": ablation.table,
    "guidance": ablation.left_out,
    "uncertainty": uncertainty_table,
    "subsets": subset_table,
    "thickness": thickness_table,
    "origin": lesion_origin,
    "parity": parity.table,
    "speed": parity.speed,
}


def evaluate(
    config: Config, data: Path, run: Path, bundle: Path, threads: int = 0, only: list[str] | None = None
) -> None:
    """Measure the parts that are missing, or the parts `only` again, and write them into the bundle."""
    e = Evaluation(config, data, run, bundle, threads)
    e.folder.mkdir(parents=True, exist_ok=True)
    for name, part in PARTS.items():
        file = e.folder / f"{name}.json"
        if name in only if only else not file.exists():
            print(f"== {name}", flush=True)
            file.write_text(json.dumps(part(e), indent=1))
        if name == "tone" and file.exists():
            update_manifest(
                bundle, tone={c: found["curve"] for c, found in json.loads(file.read_text()).items()}
            )
        if name == "spread" and file.exists():
            update_manifest(bundle, uncertainty=spread_of(json.loads(file.read_text())))
    collect(e)


def spread_of(found: Figures) -> Figures:
    """-> weights and factors for the manifest; the spread is the mean scale for a contrast that is no target
    of a training patient"""
    scale_only = {term: float(term == "scale") for term in spread.TERMS}
    return {
        "factor": {c: found.get(c, {}).get("factor", 1.0) for c in CONTRASTS},
        "weights": {c: found.get(c, {}).get("weights", scale_only) for c in CONTRASTS},
    }


def update_manifest(bundle: Path, **fields: Figures) -> None:
    """Set these fields of the manifest."""
    write_manifest(bundle, json.loads((bundle / "bundle.json").read_text()) | fields)


def collect(e: Evaluation) -> None:
    """Write all parts into the bundle: a summary into the manifest, everything into `evaluation.json`, tables
    and charts into the card."""
    parts = {
        name: json.loads((e.folder / f"{name}.json").read_text())
        for name in PARTS
        if (e.folder / f"{name}.json").exists()
    }
    manifest = json.loads((e.bundle / "bundle.json").read_text())
    manifest["metrics"] = {
        "definition": DEFINITION,
        "patients": len(e.validation),
        "targets": {
            name: {
                "sources": [CONTRASTS[s] for s in others(t)],
                "samples": e.samples,
                **mean_of(list(parts["targets"][name].values())),
            }
            for t, name in enumerate(CONTRASTS)
            if parts["targets"][name]
        },
    }
    write_manifest(e.bundle, manifest)
    (e.bundle / "evaluation.json").write_text(json.dumps(parts, indent=1) + "\n")
    write_card(e.bundle)
