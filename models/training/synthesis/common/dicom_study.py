"""A stored patient as a DICOM study, one series a contrast, and series read back, so that the product's own
command line can be measured from files to files."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import pydicom
from pydicom.dataset import Dataset, FileMetaDataset
from pydicom.uid import ExplicitVRLittleEndian, MRImageStorage, generate_uid

from .. import CONTRASTS
from ..data.archive import Case, Stored
from ..data.codes import decode

DESCRIPTIONS = ("AX T1", "AX T1 POST GD", "AX T2", "AX T2 FLAIR")
UNIT = 1990  # stored value of one stored intensity, which has 199 steps: all steps become the same
SAME_PLACE = 0.05  # mm
SAME_DIRECTION = 1e-3


class Grid(NamedTuple):
    """An axial grid in LPS: columns run to the left, rows to the back, slices to the head."""

    origin: tuple[float, float, float]  # mm, centre of the first voxel
    spacing: tuple[float, float, float]  # mm, along x, y, z
    shape: tuple[int, int, int]  # slices, rows, columns

    @property
    def positions(self) -> np.ndarray:
        """[Z, 3], centre of the first voxel of each slice, mm"""
        x, y, z = self.origin
        return np.array([(x, y, z + k * self.spacing[2]) for k in range(self.shape[0])])


@dataclass(frozen=True)
class Patient:
    """A patient's voxels as they are written, all [Z, Y, X] on one grid."""

    id: str
    grid: Grid
    volumes: dict[int, np.ndarray]  # by contrast, float32 stored intensity, 0 outside the brain
    floors: tuple[float, ...]  # [4], see `Case.floors`
    brain: np.ndarray  # bool
    labels: np.ndarray  # uint8


class Series(NamedTuple):
    """A series read back, its slices from foot to head."""

    volume: np.ndarray  # float32 [Z, Y, X], after rescaling
    positions: np.ndarray  # [Z, 3], LPS mm
    orientation: tuple[float, ...]  # [6]
    spacing: tuple[float, ...]  # [2], mm between rows and between columns


def origin_of(entry: dict[str, Any]) -> tuple[float, float, float]:
    """Entry of the archive's index -> LPS mm of the first voxel; 0 if it has no affine along these axes"""
    affine = np.asarray(entry.get("affine_ijk_to_RASmm", np.zeros((4, 4))), float)
    if not np.array_equal(np.sign(affine[:3, :3]), np.diag((-1, -1, 1))):
        return 0.0, 0.0, 0.0
    x, y, z = affine[:3, 3]
    return float(-x), float(-y), float(z)


def patient_of(case: Case, origin: tuple[float, float, float], thick: float | None = None) -> Patient:
    """-> the patient as stored; with `thick`, mm, the mean of the brain over slices of that thickness.

    Such a slice has the brain where at least half of its stored slices have it, and the labels of its middle
    one.
    """
    step = 1 if thick is None else max(1, round(thick / case.slice_spacing))
    slabs = slabs_of(case.arrays(), step)
    depth, rows, columns = slabs.brain.shape
    x, y, z = origin
    z += (step - 1) / 2 * case.slice_spacing
    return Patient(
        case.id,
        Grid((x, y, z), (1.0, 1.0, step * case.slice_spacing), (depth, rows, columns)),
        {c: slabs.volumes[c] * slabs.brain for c in range(len(CONTRASTS)) if case.present[c]},
        case.floors,
        slabs.brain,
        slabs.labels * slabs.brain,
    )


class Slabs(NamedTuple):
    """The means of neighbouring slices."""

    volumes: np.ndarray  # float32 [4, Z, Y, X], stored intensity
    brain: np.ndarray  # bool [Z, Y, X]
    labels: np.ndarray  # uint8 [Z, Y, X]


def slabs_of(stored: Stored, step: int) -> Slabs:
    """-> slabs of `step` slices, the last one filled up with background"""
    missing = -len(stored.brain) % step

    def slabs(volume: np.ndarray) -> np.ndarray:
        padded = np.pad(volume, [(0, missing), (0, 0), (0, 0)])
        return padded.reshape(-1, step, *volume.shape[1:])

    inside = slabs(stored.brain)
    weight = inside.sum(1)
    volumes = [
        (slabs(decode(image)) * inside).sum(1, dtype=np.float32) / np.maximum(weight, 1, dtype=np.float32)
        for image in stored.image
    ]
    return Slabs(np.stack(volumes), 2 * weight >= step, slabs(stored.labels)[:, step // 2])


def write_study(patient: Patient, contrasts: Sequence[int], folder: Path) -> None:
    """Write the contrasts as series of 16-bit images in `<folder>/<contrast>`. Values are proportional to the
    scanner's signal, as far as the archive knows its zero; 0 is the background."""
    study = generate_uid(entropy_srcs=[patient.id])
    for contrast in contrasts:
        signal = UNIT * (patient.volumes[contrast] + patient.floors[contrast])
        pixels = np.where(patient.brain, np.clip(np.rint(signal), 1, 65535), 0).astype("<u2")
        series = generate_uid(entropy_srcs=[patient.id, CONTRASTS[contrast]])
        target = folder / CONTRASTS[contrast]
        target.mkdir(parents=True)
        for k, image in enumerate(pixels):
            dataset = image_of(patient, contrast, k, study, series)
            dataset.PixelData = image.tobytes()
            dataset.save_as(target / f"IM{k + 1:04d}.dcm", enforce_file_format=True)


def image_of(patient: Patient, contrast: int, k: int, study: str, series: str) -> Dataset:
    """-> slice `k` of a series, without its pixels"""
    meta = FileMetaDataset()
    meta.TransferSyntaxUID = ExplicitVRLittleEndian
    meta.MediaStorageSOPClassUID = MRImageStorage
    meta.MediaStorageSOPInstanceUID = generate_uid(entropy_srcs=[series, str(k)])
    dataset = Dataset()
    dataset.file_meta = meta
    dataset.SOPClassUID = MRImageStorage
    dataset.SOPInstanceUID = meta.MediaStorageSOPInstanceUID
    dataset.PatientName = dataset.PatientID = patient.id
    dataset.PatientBirthDate = dataset.PatientSex = dataset.AccessionNumber = ""
    dataset.ReferringPhysicianName = dataset.StudyID = ""
    dataset.StudyInstanceUID, dataset.SeriesInstanceUID = study, series
    dataset.StudyDate = "20200101"
    dataset.StudyTime = "120000"
    dataset.FrameOfReferenceUID = generate_uid(entropy_srcs=[study, "frame"])
    dataset.SeriesNumber, dataset.InstanceNumber = contrast + 1, k + 1
    dataset.SeriesDescription = DESCRIPTIONS[contrast]
    dataset.Modality = "MR"
    dataset.ImageType = ["ORIGINAL", "PRIMARY", "M"]
    dataset.ScanningSequence, dataset.SequenceVariant = "SE", "NONE"
    _, dataset.Rows, dataset.Columns = patient.grid.shape
    x, y, z = patient.grid.spacing
    dataset.PixelSpacing = [y, x]
    dataset.SliceThickness = dataset.SpacingBetweenSlices = z
    dataset.ImageOrientationPatient = [1, 0, 0, 0, 1, 0]
    dataset.ImagePositionPatient = [round(float(v), 4) for v in patient.grid.positions[k]]
    dataset.SamplesPerPixel = 1
    dataset.PhotometricInterpretation = "MONOCHROME2"
    dataset.BitsAllocated = dataset.BitsStored = 16
    dataset.HighBit, dataset.PixelRepresentation = 15, 0
    return dataset


def read_series(files: Sequence[Path]) -> Series:
    """Read the files of one series. Raises ValueError without any, or if one is multi-frame."""
    if not files:
        raise ValueError("A series without files cannot be read.")
    images = []
    for file in files:
        image = pydicom.dcmread(file)
        if int(image.get("NumberOfFrames") or 1) > 1:
            raise ValueError(f"{file}: has several frames; only single-frame images are read.")
        images.append(image)
    first = images[0]
    orientation = tuple(float(v) for v in first.ImageOrientationPatient)
    normal = np.cross(orientation[:3], orientation[3:])

    def place(image: Dataset) -> np.ndarray:
        return np.array(image.ImagePositionPatient, float)

    images.sort(key=lambda image: float(place(image) @ normal))
    return Series(
        np.stack(
            [
                i.pixel_array.astype(np.float32) * float(i.get("RescaleSlope", 1))
                + float(i.get("RescaleIntercept", 0))
                for i in images
            ]
        ),
        np.stack([place(i) for i in images]),
        orientation,
        tuple(float(v) for v in first.PixelSpacing),
    )


def check_grid(series: Series, grid: Grid, what: str) -> None:
    """Raises ValueError if the series does not lie on the grid."""
    same = (
        series.volume.shape == grid.shape
        and np.abs(series.positions - grid.positions).max() <= SAME_PLACE
        and np.allclose(series.orientation, (1, 0, 0, 0, 1, 0), atol=SAME_DIRECTION)
        and np.allclose(series.spacing, grid.spacing[1::-1], atol=SAME_DIRECTION)
    )
    if not same:
        raise ValueError(
            f"{what}: the result {series.volume.shape} does not lie on the sources' {grid.shape}."
        )
