"""A folder of NIfTI patients in BraTS naming, so that a lab trains on its own data.

`<data>/<patient>/<patient><separator><suffix>.nii.gz`, skull-stripped, co-registered, 1 mm isotropic. A
contrast may be missing, but not T1 and T1ce both. The suffixes are those of BraTS 2017 to 2021 (t1, t1ce,
t2, flair, seg) and of 2023 and later (t1n, t1c, t2w, t2f, seg).
"""

from __future__ import annotations

import re
import zlib
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import SimpleITK as sitk

from .. import CONTRASTS, ENHANCING, SIDE, T1, T1CE
from .archive import Case, Stored, floor
from .codes import encode

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
BRATS_ENHANCING = 4  # until 2021; here 4 means MS lesion
VALIDATION_PER_MILLE = 150
PERCENTILES = (0.5, 99.5)


@dataclass(frozen=True)
class NiftiCase(Case):
    """A patient folder of NIfTI files."""

    files: tuple[tuple[str, Path], ...]  # contrast or "seg", and its file

    def arrays(self) -> Stored:
        """-> the voxels, cropped to the brain's slices and to 192 x 192 around its centre. Raises ValueError
        as `volumes`."""
        volumes, brain = self.volumes()
        image = np.zeros((len(CONTRASTS), *brain.shape), np.uint8)
        for c, (low, high) in self.ranges(volumes, brain).items():
            image[c] = encode((volumes[CONTRASTS[c]] - low) / max(high - low, 1e-6), brain)
        labels = np.rint(volumes.get("seg", np.zeros(brain.shape))).astype(np.uint8)
        labels[labels == BRATS_ENHANCING] = ENHANCING
        return Stored(centred(image, brain), centred(brain, brain), centred(labels * brain, brain))

    @property
    def floors(self) -> tuple[float, ...]:
        """-> [4], see `Case.floors`; reads the files"""
        ranges = self.ranges(*self.volumes())
        return tuple(floor(ranges.get(c)) for c in range(len(CONTRASTS)))

    def volumes(self) -> tuple[dict[str, np.ndarray], np.ndarray]:
        """-> float32 [Z, Y, X] by contrast or "seg", and the brain, bool: where any contrast is above 0

        Raises ValueError with the patient's or file's name if the files do not share one grid, are empty, or
        are not of 1 mm.
        """
        volumes = {name: read_volume(path) for name, path in self.files}
        if len({v.shape for v in volumes.values()}) > 1:
            shapes = ", ".join(f"{name} {v.shape}" for name, v in volumes.items())
            raise ValueError(
                f"{self.id}: the files do not share one grid ({shapes}). Co-register and resample them first."
            )
        brain = np.any([v > 0 for name, v in volumes.items() if name != "seg"], axis=0)
        if not brain.any():
            raise ValueError(f"{self.id}: every file is empty. Remove the patient or replace the files.")
        return volumes, brain

    @staticmethod
    def ranges(volumes: dict[str, np.ndarray], brain: np.ndarray) -> dict[int, tuple[float, float]]:
        """Volumes and brain [Z, Y, X] -> by contrast the intensities that are stored as 0 and 1"""
        return {
            CONTRASTS.index(name): (float(low), float(high))
            for name, v in volumes.items()
            if name != "seg"
            for low, high in [np.percentile(v[brain], PERCENTILES)]
        }


def read_volume(path: Path) -> np.ndarray:
    """-> float32 [Z, Y, X], z from foot to head, row 0 anterior, column 0 patient right. Raises ValueError if
    the file cannot be read or is not of 1 mm."""
    try:
        image = sitk.DICOMOrient(sitk.ReadImage(str(path)), "LPS")
    except RuntimeError as error:
        raise ValueError(f"{path}: cannot be read as NIfTI. Fetch or convert the file again.") from error
    spacing = np.asarray(image.GetSpacing())
    if np.abs(spacing - 1).max() > 0.01:
        raise ValueError(
            f"{path}: voxels of {' x '.join(f'{s:.2f}' for s in spacing)} mm. Resample to 1 mm first."
        )
    return np.asarray(sitk.GetArrayFromImage(image), np.float32)


def centred(volume: np.ndarray, brain: np.ndarray) -> np.ndarray:
    """[..., Z, Y, X] and the brain [Z, Y, X] -> the brain's slices, cropped or padded to SIDE x SIDE around
    its centre"""
    z, y, x = (np.flatnonzero(brain.any(tuple(a for a in range(3) if a != axis))) for axis in range(3))
    padded = np.pad(volume[..., z[0] : z[-1] + 1, :, :], [(0, 0)] * (volume.ndim - 2) + [(SIDE, SIDE)] * 2)
    rows, columns = (
        slice(start, start + SIDE) for start in (int(v[0] + v[-1] + 1) // 2 + SIDE // 2 for v in (y, x))
    )
    return np.asarray(padded[..., rows, columns])


def read_nifti(data: Path) -> list[NiftiCase]:
    """Folder of patient folders -> its patients, sorted; 15 % by name for validation

    Raises ValueError if no folder holds T1 or T1ce and a further contrast.
    """
    cases = [case for folder in sorted(p for p in data.iterdir() if p.is_dir()) if (case := case_of(folder))]
    if not cases:
        raise ValueError(
            f"{data}: no patient folder with T1 or T1ce and a further contrast. Name files as BraTS does."
        )
    return cases


def case_of(folder: Path) -> NiftiCase | None:
    """-> the patient, or None without T1 or T1ce and a further contrast"""
    files: dict[str, Path] = {}
    for path in sorted(folder.glob("*.nii*")):
        match = re.search(r"[_-]([a-z0-9]+)\.nii(\.gz)?$", path.name.lower())
        if match and match[1] in SUFFIXES:
            files[SUFFIXES[match[1]]] = path
    present = tuple(name in files for name in CONTRASTS)
    if sum(present) < 2 or not (present[T1] or present[T1CE]):
        return None
    # the last number of newer names is the visit
    group = re.sub(r"^(BraTS-[A-Z]+-\d+)-\d+$", r"\1", folder.name)
    validation = zlib.crc32(group.encode()) % 1000 < VALIDATION_PER_MILLE
    split = "val" if validation else "train" if all(present) else "extra"
    return NiftiCase(
        id=folder.name,
        path=folder,
        split=split,
        group=group,
        present=present,
        target=present,
        slice_spacing=1.0,
        segmented="seg" in files,
        whole_lesion=False,
        percentiles=(None,) * len(CONTRASTS),
        files=tuple(files.items()),
    )
