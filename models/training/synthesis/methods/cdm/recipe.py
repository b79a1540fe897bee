"""The settings of a training: one small file, every value with a default."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from ...common.settings import Settings


@dataclass(frozen=True)
class Recipe(Settings):
    """All settings of a training."""

    # examples
    variant: str = "prepared"  # of the patients, one of `data.prepare.VARIANTS`
    all_targets: bool = True  # learn all missing contrasts at once; else a random one of them
    planes: int = 1  # 1: axial; 3: axial, coronal and sagittal, one a batch
    lesion_head: bool = True  # learn also the classes of lesions and the mean of a lesion
    augmented: bool = True  # change places and intensities; else the texture of a patient's images fits
    paste: bool = True  # paste lesions between patients, and generate lesions of multiple sclerosis
    # C-UNet
    channels: tuple[int, ...] = (32, 64, 128, 160)  # from half the resolution down to 1/16
    blocks: tuple[int, ...] = (1, 1, 2, 2)  # residual blocks a level of the encoder
    student_channels: tuple[int, ...] = (48, 96, 192, 240)
    code: int = 64  # width of the vector that scales and shifts the decoder
    fixed_norms: bool = False  # train with the statistics measured at the start, not with those of each batch
    crop: int = 128  # pixels
    batch: int = 16
    learning_rate: float = 2e-3  # at a batch of 16; grows with the root of the batch, at most twofold
    seed: int = 20261126
    # lengths of the stages in steps, without a deadline
    member_steps: int = 30_000
    student_steps: int = 30_000
    mrm_steps: int = 1_500
    diffusion_steps: int = 600
    referee_steps: int = 3_000

    @property
    def rate(self) -> float:
        """The learning rate at this recipe's batch."""
        return self.learning_rate * min(2.0, (self.batch / 16) ** 0.5)


def recipe_of(run: Path) -> Recipe:
    """-> the recipe that the weights in the folder were trained with; the defaults if none lies there"""
    file = run / "recipe.json"
    return Recipe.read(file) if file.exists() else Recipe()
