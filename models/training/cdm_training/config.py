"""The settings of one bundle, read from a JSON file of `configs/`."""
from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Grid:
    spacing: int  # mm, isotropic; a whole multiple of the 1 mm of the training data
    size: int     # rows and columns
    slab: int     # slices a network run takes


@dataclass(frozen=True)
class Tokens:
    patch: int     # pixels, side of the square that one token describes
    channels: int  # D
    step_mm: int   # distance of the slices at which tokens are sampled


@dataclass(frozen=True)
class Mrm:
    width: int
    layers: int
    heads: int
    decoder_layers: int
    mask_ratio: float      # share of the patches hidden from the encoder
    visible_weight: float  # weight of the visible patches' loss, relative to the masked ones'
    steps: int
    batch: int
    learning_rate: float


@dataclass(frozen=True)
class Mdn:
    width: int
    blocks: int
    embedding: int        # E, size of the timestep embedding
    diffusion_steps: int  # length of the training schedule
    ddim_steps: int       # steps when sampling
    folds: int            # cross-fitting: samples that train the C-UNet come from MDNs that did not see the patient
    steps: int
    batch: int
    learning_rate: float


@dataclass(frozen=True)
class Stage:
    crop: int     # pixels; `Grid.size` is the whole slice
    batch: int
    steps: int
    tokens: bool  # False: tokens are always zero


@dataclass(frozen=True)
class CUNet:
    channels: tuple[int, ...]  # from full resolution down to the token grid
    heads: int
    code: int  # width of the vector that scales and shifts the decoder
    learning_rate: float
    stages: tuple[Stage, ...]
    anchor: dict[str, dict[str, float]]  # target -> source -> share of the source in the shipped prediction


@dataclass(frozen=True)
class About:
    """What the manifest tells the people who use the bundle."""

    changelog: dict[str, str]  # by version
    intended_use: str
    limitations: list[str]
    data_sources: list[dict[str, str]]  # name and terms
    license: str


@dataclass(frozen=True)
class Config:
    id: str
    version: str
    name: str
    seed: int
    samples: int  # how many samples the bundle averages by default
    grid: Grid
    tokens: Tokens
    mrm: Mrm
    mdn: Mdn
    cunet: CUNet
    about: About

    @property
    def token_side(self) -> int:
        return self.grid.size // self.tokens.patch

    @property
    def token_count(self) -> int:
        return self.token_side ** 2

    @staticmethod
    def read(path: Path) -> Config:
        raw = json.loads(path.read_text())
        cunet = raw.pop("cunet")
        config = Config(
            grid=Grid(**raw.pop("grid")),
            tokens=Tokens(**raw.pop("tokens")),
            mrm=Mrm(**raw.pop("mrm")),
            mdn=Mdn(**raw.pop("mdn")),
            cunet=CUNet(stages=tuple(Stage(**stage) for stage in cunet.pop("stages")),
                        channels=tuple(cunet.pop("channels")), **cunet),
            about=About(**raw.pop("about")),
            **raw,
        )
        if 2 ** (len(config.cunet.channels) - 1) != config.tokens.patch:
            raise ValueError(f"{path}: the C-UNet's last level must have the resolution of the token grid")
        return config
