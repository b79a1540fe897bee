"""Compares the samples of two networks on held-out patients: scores of the distribution, and which network
ships."""

from __future__ import annotations

import math
import zlib
from collections.abc import Mapping
from typing import Protocol

import torch
import torch.nn.functional as F
from scipy.stats import spearmanr
from torch import Tensor

from ... import CONTRASTS
from .latent_batches import Batch, whole
from .latents import LatentCase

COUNT = 16  # samples for the scores
SHOWN = 8  # samples whose mean is compared with mu

Figures = dict[str, float]

EARLIER_CEILING = {"t1": 4.0, "t1ce": 2.9, "t2": 2.7, "flair": 3.0}
"""Gain in dB of true block means of 8 x 8 x 4 mm over the previous networks; for information."""

LEAST_SPEARMAN = {"t1": 0.46, "t1ce": 0.57, "t2": 0.78, "flair": 0.61}
"""Rank correlation of uncertainty and error in blocks of the previous networks."""

LEAST_SHARE = 0.8  # of the ceiling, as gain of the true latent
LARGEST_LOSS = 0.05  # dB that the mean of the samples may lose against mu
CALIBRATED = (0.8, 1.25)  # spread over skill


class Sampler(Protocol):
    """A network that samples latents."""

    def samples(self, batch: Batch, count: int, seed: int) -> Tensor:
        """One volume (V = 1) -> latents [count, K, 2, h, w]"""
        ...


def crps(samples: Tensor, truth: Tensor) -> Tensor:
    """Samples [S, ...] and truth [...] -> CRPS [...] in its energy form, by the estimator that is fair for
    few samples (Ferro 2014)"""
    count = len(samples)
    ordered = samples.sort(0).values
    rank = torch.arange(1, count + 1, device=samples.device, dtype=samples.dtype)
    apart = 2 * torch.einsum("s...,s->...", ordered, 2 * rank - count - 1) / (count * (count - 1))
    return (samples - truth).abs().mean(0) - 0.5 * apart


def spread_and_skill(samples: Tensor, truth: Tensor) -> tuple[float, float]:
    """Samples [S, N], truth [N] -> expected and actual squared error of the samples' mean (equal for a
    calibrated sampler)"""
    expected = (1 + 1 / len(samples)) * samples.var(0).mean()
    return float(expected), float((samples.mean(0) - truth).square().mean())


def covered(samples: Tensor, truth: Tensor) -> float:
    """Samples [S, N], truth [N] -> share of truths between the smallest and the largest sample"""
    return float(((truth >= samples.amin(0)) & (truth <= samples.amax(0))).float().mean())


def nominal_coverage(count: int) -> float:
    """-> `covered` of a calibrated sampler"""
    return (count - 1) / (count + 1)


def coarser(cells: Tensor, valid: Tensor) -> tuple[Tensor, Tensor]:
    """[..., K, h, w] and bool [K, h, w] -> means of 2 x 2 valid cells (16 mm) [..., K, h/2, w/2], and bool
    [K, h/2, w/2], where at least two of the four are valid"""
    weight = F.avg_pool2d(valid.to(cells.dtype), 2)
    return F.avg_pool2d(cells * valid, 2) / weight.clamp(min=0.25), weight >= 0.5


def gain_of_mean(residual: Tensor, shift: Tensor, share: Tensor, error: float) -> float:
    """True residual, shift of mu and share of brain [N] by cell, squared error of mu per voxel -> gain
    in dB"""
    removed = float((share * shift * (2 * residual - shift)).sum() / share.sum())
    return -10 * math.log10(max(1 - removed / error, 1e-6))


def score(case: LatentCase, target: int, samples: Tensor) -> Figures:
    """Latents [S, K, 2, h, w] of one case and target -> figures; spread and skill are squared errors, which
    `summarize` pools over cases"""
    valid = case.valid[:, 0].to(samples.device)
    scale, truth, absolute = (
        m[:, target].to(samples.device).float() for m in (case.scale, case.residual, case.absolute)
    )
    drawn, real = samples[:, :, 0] * scale, truth * scale
    shift = drawn[:SHOWN].mean(0)[valid]
    fine = spread_and_skill(drawn[:, valid], real[valid])
    wide, enough = coarser(torch.cat([drawn, real[None]]), valid)
    rough = spread_and_skill(wide[:-1, enough], wide[-1, enough])
    uncertainty = scale * (1 + samples[:, :, 0].var(0)).sqrt()
    return {
        "crps": float(crps(drawn[:, valid], real[valid]).mean()),
        "spread8": fine[0],
        "skill8": fine[1],
        "spread16": rough[0],
        "skill16": rough[1],
        "mean_gain": gain_of_mean(
            real[valid], shift, case.share[:, 0].to(samples.device).float()[valid], case.error[target]
        ),
        "spearman": rank_correlation(uncertainty[valid], absolute[valid]),
        "coverage": covered(drawn[:, valid], real[valid]),
    }


def score_without(case: LatentCase, target: int) -> Figures:
    """-> the same figures, as far as they exist, of the C-UNet alone: mu and b without samples"""
    valid = case.valid[:, 0]
    scale, truth, absolute = (m[:, target].float() for m in (case.scale, case.residual, case.absolute))
    return {
        "crps": float((truth * scale).abs()[valid].mean()),
        "mean_gain": 0.0,
        "spearman": rank_correlation(scale[valid], absolute[valid]),
    }


def rank_correlation(a: Tensor, b: Tensor) -> float:
    """-> Spearman's correlation of two [N]; 0 if one of them is constant"""
    if a.min() == a.max() or b.min() == b.max():
        return 0.0
    return float(spearmanr(a.cpu().numpy(), b.cpu().numpy()).statistic)


def summarize(figures: list[Figures]) -> Figures:
    """-> means over cases, spread over skill from the pooled squares, and the lowest coverage of a case"""
    found = {name: sum(f[name] for f in figures) / len(figures) for name in figures[0]}
    for side in ("8", "16"):
        if f"spread{side}" in found:
            found[f"spread_skill{side}"] = math.sqrt(
                found.pop(f"spread{side}") / max(found.pop(f"skill{side}"), 1e-12)
            )
    if "coverage" in found:
        found["worst_coverage"] = min(f["coverage"] for f in figures)
    return found


def compare(
    cases: list[LatentCase],
    diffusion: Mapping[int, Sampler],
    gaussian: Mapping[int, Sampler],
    device: torch.device,
) -> dict[str, object]:
    """Scores every case of a fold by the networks of that fold -> the comparison, ready for JSON.

    `targets`: by contrast the figures of `diffusion`, `gaussian` and `none`, `true_gain` (dB), `true_share`
    (of the ceiling) and `failed`, the conditions that the diffusion fails. `ships`: "diffusion" if it fails
    none; else "gaussian", if it is better than no samples for every target; else "none". Raises ValueError if
    no case belongs to a fold with both networks.
    """
    held_out = [case for case in cases if case.fold in diffusion and case.fold in gaussian]
    targets: dict[str, dict[str, object]] = {}
    gaussian_helps = True
    for target, name in enumerate(CONTRASTS):
        having = [case for case in held_out if target in case.targets]
        if not having:
            continue
        scores: dict[str, list[Figures]] = {"diffusion": [], "gaussian": [], "none": []}
        for case in having:
            batch, seed = whole(case, target, device), zlib.crc32(case.patient.encode())
            scores["diffusion"].append(score(case, target, diffusion[case.fold].samples(batch, COUNT, seed)))
            scores["gaussian"].append(score(case, target, gaussian[case.fold].samples(batch, COUNT, seed)))
            scores["none"].append(score_without(case, target))
        means = {method: summarize(found) for method, found in scores.items()}
        gain = sum(case.gain[target] for case in having) / len(having)
        ceiling = sum(case.ceiling[target] for case in having) / len(having)
        better = sum(
            a["crps"] < b["crps"] for a, b in zip(scores["diffusion"], scores["gaussian"], strict=True)
        )
        targets[name] = {
            **means,
            "cases": len(having),
            "true_gain": gain,
            "true_share": gain / ceiling if ceiling > 0 else 0.0,
            "earlier_ceiling": EARLIER_CEILING[name],
            "cases_better_than_gaussian": better,
            "failed": failed(name, means, gain, ceiling),
        }
        gaussian_helps &= means["gaussian"]["crps"] < means["none"]["crps"]
    if not targets:
        raise ValueError("no case belongs to a fold with both networks: nothing can be compared")
    passed = not any(entry["failed"] for entry in targets.values())
    ships = "diffusion" if passed else "gaussian" if gaussian_helps else "none"
    return {"ships": ships, "nominal_coverage": nominal_coverage(COUNT), "targets": targets}


def failed(name: str, means: Mapping[str, Figures], true_gain: float, ceiling: float) -> list[str]:
    """-> the conditions that the diffusion fails for one contrast"""
    found = means["diffusion"]
    low, high = CALIBRATED
    conditions = {
        f"the true latent gains at least {LEAST_SHARE:.0%} of the ceiling": true_gain
        >= LEAST_SHARE * ceiling,
        f"the mean of {SHOWN} samples lies within {LARGEST_LOSS} dB of mu": found["mean_gain"]
        >= -LARGEST_LOSS,
        f"spread over skill at 8 mm lies in {low}-{high}": low <= found["spread_skill8"] <= high,
        f"block Spearman is at least {LEAST_SPEARMAN[name]}": found["spearman"] >= LEAST_SPEARMAN[name],
        "CRPS is below the Gaussian head's": found["crps"] < means["gaussian"]["crps"],
    }
    return [condition for condition, holds in conditions.items() if not holds]


def table(comparison: Mapping[str, object]) -> str:
    """-> the comparison as a Markdown table"""
    columns = (
        "crps",
        "spread_skill8",
        "spread_skill16",
        "mean_gain",
        "spearman",
        "coverage",
        "worst_coverage",
    )
    lines = [
        "| target | method | " + " | ".join(columns) + " | true gain | share |",
        "|" + "---|" * (len(columns) + 4),
    ]
    targets = comparison["targets"]
    assert isinstance(targets, dict)
    for name, entry in targets.items():
        for method in ("diffusion", "gaussian", "none"):
            figures = [f"{entry[method][c]:.4f}" if c in entry[method] else "" for c in columns]
            lines.append(
                f"| {name} | {method} | {' | '.join(figures)} "
                f"| {entry['true_gain']:.2f} | {entry['true_share']:.2f} |"
            )
    return "\n".join([*lines, "", f"Ships: {comparison['ships']}."])
