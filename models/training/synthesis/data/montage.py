"""Pictures for a visual check of the preparation. They show patients: keep them out of any repository.

python -m synthesis.data.montage --work WORK --out OUT
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path

import numpy as np
from PIL import Image, ImageDraw
from scipy import ndimage as ndi
from tqdm import tqdm

from .. import CEILING, CONTRASTS, SIDE
from ..common.command_line import exits_with_message
from .codes import decode
from .patients import BRAIN

WINDOWS = {"stored": (0.0, 1.0), "prepared": (0.1, 1.0)}
ACROSS = 13  # patients in a row of an overview
BRAIN_COLOUR, LESION_COLOUR = (0, 160, 255), (255, 160, 0)


def montage(work: Path, out: Path) -> None:
    """Write `out/<id>.png` for each patient, and `out/overview_<contrast>_<variant>.png` with one slice of
    each."""
    out.mkdir(parents=True, exist_ok=True)
    middles: dict[tuple[str, str], list[np.ndarray]] = {(c, v): [] for c in CONTRASTS for v in WINDOWS}
    for path in tqdm(sorted(work.glob("*.json")), desc="montage", unit="patient"):
        record = json.loads(path.read_text())
        rows = []
        for variant, window in WINDOWS.items():
            voxels = np.load(work / variant / f"{path.stem}.npy")
            z, y = middle(voxels[-1])
            rows.append(
                np.hstack(
                    [
                        tile
                        for c in range(len(CONTRASTS))
                        for tile in (
                            outlined(voxels[c, z], voxels[-1, z], window),
                            outlined(
                                upright(voxels[c, :, y], record["slice_spacing"]),
                                upright(voxels[-1, :, y], record["slice_spacing"]),
                                window,
                            ),
                        )
                    ]
                )
            )
            for c, contrast in enumerate(CONTRASTS):
                if record["present"][c]:
                    middles[contrast, variant].append(titled(grey(voxels[c, z], window), path.stem))
        Image.fromarray(np.vstack(rows)).save(out / f"{path.stem}.png")
    for (contrast, variant), tiles in middles.items():
        if tiles:
            Image.fromarray(grid(tiles)).save(out / f"overview_{contrast}_{variant}.png")


def middle(labels: np.ndarray) -> tuple[int, int]:
    """Label code [Z, Y, X] -> slice and row with most lesion, else through the middle of the brain"""
    lesion = (labels & (BRAIN - 1)) > 0
    if lesion.any():
        return int(lesion.sum((1, 2)).argmax()), int(lesion.sum((0, 2)).argmax())
    z, y, _ = np.argwhere(labels & BRAIN).mean(0)
    return int(z), int(y)


def upright(plane: np.ndarray, slice_spacing: float) -> np.ndarray:
    """Coronal [Z, X] -> [192, 192] at 1 mm, head up"""
    rows = ((np.arange(SIDE) - SIDE / 2) / slice_spacing + plane.shape[0] / 2).round().astype(int)
    inside = (rows >= 0) & (rows < plane.shape[0])
    shown = plane[np.clip(rows, 0, plane.shape[0] - 1)] * inside[:, None]
    return np.asarray(shown[::-1])


def grey(code: np.ndarray, window: tuple[float, float]) -> np.ndarray:
    """uint8 code [H, W] -> uint8 [H, W, 3] within the window of intensity"""
    low, high = window
    shown = np.clip((np.clip(decode(code), 0, CEILING) - low) / (high - low), 0, 1) * (code > 0)
    return np.repeat((255 * shown).astype(np.uint8)[..., None], 3, axis=-1)


def outlined(code: np.ndarray, labels: np.ndarray, window: tuple[float, float]) -> np.ndarray:
    """uint8 code and label code [H, W] -> uint8 [H, W, 3] with the contours of brain and lesion"""
    shown = grey(code, window)
    for mask, colour in (((labels & BRAIN) > 0, BRAIN_COLOUR), ((labels & (BRAIN - 1)) > 0, LESION_COLOUR)):
        shown[mask & ~ndi.binary_erosion(mask)] = colour
    return shown


def titled(tile: np.ndarray, title: str) -> np.ndarray:
    """uint8 [H, W, 3] -> the same with a title"""
    image = Image.fromarray(tile)
    ImageDraw.Draw(image).text((2, 0), title[-22:], fill=(255, 255, 0))
    return np.asarray(image)


def grid(tiles: list[np.ndarray]) -> np.ndarray:
    """Tiles [H, W, 3] of one size -> one picture, ACROSS in a row"""
    filled = tiles + [np.zeros_like(tiles[0])] * (-len(tiles) % ACROSS)
    return np.vstack([np.hstack(filled[i : i + ACROSS]) for i in range(0, len(filled), ACROSS)])


@exits_with_message()
def main() -> None:
    """Command line."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--work", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    montage(**vars(parser.parse_args()))


if __name__ == "__main__":
    main()
