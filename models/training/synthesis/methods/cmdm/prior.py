"""The prior: the C-UNet of a run of `cdm` that was trained without the same patients. Its weights are kept in
the run of the refinement, which then needs no other."""

from __future__ import annotations

import shutil
from pathlib import Path

import torch
from torch import Tensor

from ... import CEILING, CONTRASTS, T1CE
from ...common.weights import load_half, weights_file
from ..cdm.cunet import CUNet
from ..cdm.export import STUDENT
from ..cdm.recipe import Recipe as PriorRecipe
from ..cdm.stages import member_name

RECIPE = "prior.json"


def name_of(fold: int | None) -> str:
    """-> the C-UNet trained without the fold, or on all patients"""
    return STUDENT if fold is None else member_name(fold)


def keep_prior(source: Path, run: Path, fold: int | None) -> None:
    """Copy a C-UNet of the run `source`. Raises FileNotFoundError if it was not trained there."""
    file = weights_file(source, name_of(fold))
    if not file.exists():
        raise FileNotFoundError(f"{file} does not exist. Train it first, or name its run with --prior.")
    run.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(file, weights_file(run, f"prior-{name_of(fold)}"))
    shutil.copyfile(source / "recipe.json", run / RECIPE)


def prior_variant(source: Path) -> str:
    """-> the variant of the patients that the C-UNets of a run were trained on"""
    return PriorRecipe.read(source / "recipe.json").variant


def kept_recipe(run: Path) -> PriorRecipe:
    """-> the settings that the kept C-UNets were trained with"""
    return PriorRecipe.read(run / RECIPE)


def kept_prior(run: Path, fold: int | None) -> CUNet:
    """-> the C-UNet that `keep_prior` copied"""
    recipe = kept_recipe(run)
    network = CUNet(recipe, recipe.student_channels if fold is None else None)
    load_half(network, weights_file(run, f"prior-{name_of(fold)}"))
    return network


def channel(target: int, enhancement: bool) -> int:
    """-> the C-UNet's output for the target: for a T1ce without enhancement, the one that learned none"""
    return len(CONTRASTS) if target == T1CE and not enhancement else target


@torch.no_grad()
def prior_of(
    network: CUNet, images: Tensor, availability: Tensor, plane: Tensor, channels: Tensor, half: bool = True
) -> Tensor:
    """Input of the C-UNet for S slices, and the output that is wanted of each [S] -> mean and expected
    absolute error [S, 2, H, W]; `half`: in bfloat16"""
    with torch.autocast(images.device.type, torch.bfloat16, enabled=half):
        found = network(images, availability, plane)
    rows = torch.arange(len(images), device=images.device)
    return torch.stack([found.mean[rows, channels].clamp(0, CEILING), found.scale[rows, channels]], 1)
