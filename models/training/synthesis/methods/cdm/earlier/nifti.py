"""A folder of NIfTI patients in BraTS naming, so that a lab trains on its own data.

`<data>/<patient>/<patient><separator><suffix>.nii.gz`, skull-stripped, co-registered, 1 mm isotropic. A
contrast may be missing. The suffixes are those of BraTS 2017-2021 (t1, t1ce, t2, flair, seg) and of 2023
and later (t1n, t1c, t2w, t2f, seg).
"""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from . import CONTRASTS
from .codes import encode

SIDE = 192  # rows and columns of the result
SUFFIXES = {
    "t1": "t1",
    "t1n": "t1",
    "t1ce": "t1ce",
    "t1c": "t1ce",
    "t1gd": "t1ce",
    "t2": "t2",
    "t2w": "t2",
    "flair": "flair",
    "t2f": "flair",
    "seg": "seg",
}
ENHANCING = 4  # label of enhancing tumour in BraTS up to 2021; here it is 3, and 4 is an MS lesion
VALIDATION_SHARE = 0.15


@dataclass(frozen=True)
class NiftiPatient:
    """A folder with at least two contrasts."""

    id: str
    files: dict[str, Path]

    @property
    def sources(self) -> tuple[int, ...]:
        """The contrasts that are there, as indices."""
        return tuple(i for i, name in enumerate(CONTRASTS) if name in self.files)

    @property
    def targets(self) -> tuple[int, ...]:
        """The same as the sources."""
        return self.sources

    def arrays(self) -> tuple[np.ndarray, np.ndarray, np.ndarray | None]:
        """-> uint8 code [4, Z, 192, 192], brain bool [Z, 192, 192], labels uint8 or None

        Raises ValueError, naming the file, where shapes differ or the spacing is not 1 mm.
        """
        volumes = {name: read_volume(path) for name, path in self.files.items()}
        shapes = {v.shape for v in volumes.values()}
        if len(shapes) > 1:
            raise ValueError(
                f"{self.id}: the files do not share one grid ({', '.join(map(str, sorted(shapes)))}). "
                "Co-register and resample them first."
            )
        acquired = {name: v for name, v in volumes.items() if name != "seg"}
        brain = np.any([v > 0 for v in acquired.values()], axis=0)
        if not brain.any():
            raise ValueError(f"{self.id}: every file is empty.")
        image = np.zeros((len(CONTRASTS), *brain.shape), np.uint8)
        for name, v in acquired.items():
            low, high = np.percentile(v[brain], (0.5, 99.5))
            image[CONTRASTS.index(name)] = encode((v - low) / max(high - low, 1e-6), brain)
        place = centred(brain)
        lesion = None
        if "seg" in volumes:
            labels = np.rint(volumes["seg"]).astype(np.uint8)
            lesion = place(np.where(labels == ENHANCING, 3, labels))
        return place(image), place(brain), lesion


def read_volume(path: Path) -> np.ndarray:
    """-> float32 [Z, Y, X] with Z from foot to head, row 0 anterior, column 0 patient right"""
    import nibabel

    image = nibabel.load(path)
    spacing = np.abs(image.header.get_zooms()[:3])
    if np.abs(spacing - 1).max() > 0.01:
        raise ValueError(
            f"{path}: voxels of {' x '.join(f'{s:.2f}' for s in spacing)} mm. Resample to 1 mm first."
        )
    turned = nibabel.as_closest_canonical(image)  # i to the left-to-right (R), j to anterior, k to the head
    return np.asarray(turned.dataobj, np.float32).transpose(2, 1, 0)[:, ::-1, ::-1]


def centred(brain: np.ndarray):
    """-> a function that crops or pads [..., Z, Y, X] to the brain's slices and SIDE x SIDE around its
    centre"""
    z, y, x = (np.flatnonzero(brain.any(tuple(a for a in range(3) if a != axis))) for axis in range(3))
    starts = [int((v[0] + v[-1] + 1) // 2) - SIDE // 2 for v in (y, x)]

    def place(a: np.ndarray) -> np.ndarray:
        a = a[..., z[0] : z[-1] + 1, :, :]
        out = np.zeros((*a.shape[:-2], SIDE, SIDE), a.dtype)
        source, target = [], []
        for start, size in zip(starts, a.shape[-2:]):
            low, high = max(start, 0), min(start + SIDE, size)
            source.append(slice(low, high))
            target.append(slice(low - start, high - start))
        out[..., target[0], target[1]] = a[..., source[0], source[1]]
        return out

    return place


def read_nifti(data: Path, part: str) -> Iterator[NiftiPatient]:
    """Patients whose name falls into `part` ('train' or 'val'; 'extra' is empty)."""
    if part == "extra":
        return
    found = 0
    for folder in sorted(p for p in data.iterdir() if p.is_dir()):
        files: dict[str, Path] = {}
        for path in sorted(folder.glob("*.nii*")):
            match = re.search(r"[_-]([a-z0-9]+)\.nii(\.gz)?$", path.name.lower())
            if match and match[1] in SUFFIXES:
                files[SUFFIXES[match[1]]] = path
        if len([name for name in files if name != "seg"]) < 2:
            continue
        found += 1
        validation = zlib.crc32(folder.name.encode()) % 1000 < 1000 * VALIDATION_SHARE
        if part == ("val" if validation else "train"):
            yield NiftiPatient(folder.name, files)
    if not found:
        raise ValueError(
            f"{data}: no patient folder with at least two of the contrasts {', '.join(CONTRASTS)} as NIfTI "
            "(BraTS naming)."
        )
