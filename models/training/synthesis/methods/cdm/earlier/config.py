"""The settings of one bundle: a folder with `bundle.json` (what all stages share) and one file a stage."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any


@dataclass(frozen=True)
class Grid:
    """The grid of the networks."""

    spacing: int  # mm, isotropic; a whole multiple of the 1 mm of the training data
    size: int  # rows and columns
    slab: int  # slices a network run takes


@dataclass(frozen=True)
class Tokens:
    """The token map y of one contrast."""

    patch: int  # pixels, side of the square that one token describes
    channels: int  # D
    step_mm: int  # distance of the slices at which tokens are sampled


@dataclass(frozen=True)
class About:
    """The texts of the manifest."""

    changelog: dict[str, str]  # by version
    intended_use: str
    not_for: list[str]
    limitations: list[str]
    data_sources: list[dict[str, str]]  # name and terms
    license: str


@dataclass(frozen=True)
class Mrm:
    """Masked autoencoder (mrm.py) and its training."""

    width: int
    layers: int
    heads: int
    decoder_layers: int
    mask_ratio: float  # share of the patches hidden from the encoder
    visible_weight: float  # weight of the visible patches' loss, relative to the masked ones'
    steps: int
    batch: int
    learning_rate: float


@dataclass(frozen=True)
class Mdn:
    """Diffusion network (mdn.py) and its training."""

    width: int
    blocks: int
    embedding: int  # E, size of the timestep embedding
    diffusion_steps: int  # length of the training schedule
    ddim_steps: int  # steps when sampling
    steps: int
    batch: int
    learning_rate: float


@dataclass(frozen=True)
class Phase:
    """A stretch of the training of an image network."""

    crop: int  # pixels; `Grid.size` is the whole slice
    batch: int
    steps: int


@dataclass(frozen=True)
class UNet:
    """Plain U-Net (unet.py) and its training."""

    channels: tuple[int, ...]  # from half resolution down to the token grid
    blocks: tuple[int, ...]  # residual blocks a level, in the encoder
    code: int  # width of the vector that scales and shifts the decoder
    learning_rate: float
    phases: tuple[Phase, ...]


@dataclass(frozen=True)
class CUNet:
    """C-UNet (cunet.py) and its training; its body is that of the plain U-Net."""

    heads: int  # of the cross-attention to the tokens
    no_tokens: float  # share of the examples without tokens
    # share with the true tokens and noise; the others get samples of networks trained without the patient
    true_tokens: float
    learning_rate: float
    phases: tuple[Phase, ...]


@dataclass(frozen=True)
class Config:
    """All settings of a bundle."""

    id: str
    version: str
    name: str
    seed: int
    folds: int  # of cross-validation; C-UNet k is trained without the patients of fold k
    members: int  # how many of those C-UNets ship, as an ensemble: the first ones
    samples: int  # that the bundle averages by default; member i mod `members` decodes sample i
    calibrated: list[str]  # contrasts with an intensity calibration (calibration.py); in the file: `tone`
    conditioning: str  # 'diffusion' (a sample of the MDN), 'regression' or 'none'; in the file: `guidance`
    grid: Grid
    tokens: Tokens
    about: About
    mrm: Mrm
    mdn: Mdn
    unet: UNet
    cunet: CUNet

    @property
    def token_side(self) -> int:
        """Rows and columns of the token map."""
        return self.grid.size // self.tokens.patch

    @property
    def token_count(self) -> int:
        """T, tokens of a slice."""
        return self.token_side**2

    @staticmethod
    def read(folder: Path) -> Config:
        """Raises ValueError if the U-Net does not end on the token grid."""

        def stage(name: str) -> dict[str, Any]:
            return json.loads((folder / f"{name}.json").read_text())

        def phases(settings: dict[str, Any]) -> tuple[Phase, ...]:
            return tuple(Phase(**phase) for phase in settings.pop("phases"))

        bundle, unet, cunet = stage("bundle"), stage("unet"), stage("cunet")
        config = Config(
            grid=Grid(**bundle.pop("grid")),
            tokens=Tokens(**bundle.pop("tokens")),
            calibrated=bundle.pop("tone"),
            conditioning=bundle.pop("guidance"),
            about=About(**bundle.pop("about")),
            mrm=Mrm(**stage("mrm")),
            mdn=Mdn(**stage("mdn")),
            unet=UNet(
                phases=phases(unet),
                channels=tuple(unet.pop("channels")),
                blocks=tuple(unet.pop("blocks")),
                **unet,
            ),
            cunet=CUNet(phases=phases(cunet), **cunet),
            **bundle,
        )
        if 2 ** len(config.unet.channels) != config.tokens.patch:
            raise ValueError(f"{folder}: the U-Net's last level must have the resolution of the token grid")
        return config
