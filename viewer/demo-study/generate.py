"""Makes the demo study: a simulated MR examination of a head phantom with a lesion. It is not a patient.

For mechanics only: no score on it is evidence. The anatomy comes from Colin 27 as Debian's package mricron-data has it
(see NOTICE.md); every contrast is simulated from ONE set of tissue fractions, so that the lesion is in all of them.

    python generate.py --head ch2.nii.gz --brain ch2bet.nii.gz --out dicom --flair-out ../../tests/fixtures/demo-flair

Needs numpy, scipy, nibabel, pydicom and pyjpegls. The same versions of them give the same bytes every time: the noise
has a fixed seed, and UIDs and dates are fixed.
"""

import argparse
import hashlib
import shutil
from dataclasses import dataclass
from pathlib import Path

import nibabel
import numpy as np
from pydicom.dataset import Dataset, FileMetaDataset
from pydicom.uid import ExplicitVRLittleEndian, JPEGLSLossless, MRImageStorage
from scipy import ndimage

SEED = 27
SLICES = 60
THICKNESS = 3.0  # mm; no gap
SLICE_SAMPLES = 5  # positions across the thickness that are averaged
WHITE_MATTER_LEVEL = 500  # stored value of pure white matter, well inside 12 bits
FOLDERS = {"t1": "01_t1", "t1ce": "02_t1ce", "t2": "03_t2"}  # FLAIR is the contrast that the study lacks


# ---- Tissues and signal ----------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Tissue:
    density: float  # of protons; CSF is 1
    t1: float  # ms
    t2: float  # ms
    gadolinium: float = 0.0  # mM, after injection


# Relaxation at 3 T. White and grey matter: Wansapura 1999; T1 of CSF: Rooney 2007; fat: de Bazelaire 2004; muscle:
# Stanisz 2005. The T2 of CSF (any long one would do), oedema and tumour, and every proton density, are chosen.
TISSUES = {
    "csf": Tissue(1.00, 4160, 2000),
    "gm": Tissue(0.82, 1331, 110),
    "wm": Tissue(0.70, 832, 80),
    "fat": Tissue(0.90, 382, 68),
    "muscle": Tissue(0.75, 1412, 50),
    "oedema": Tissue(0.88, 1700, 180),
    "tumour": Tissue(0.85, 1500, 130),
    "rim": Tissue(0.85, 1500, 130, gadolinium=0.4),
}
RELAXIVITY = 4.5  # per s and mM


@dataclass(frozen=True)
class Series:
    number: int
    description: str
    tr: float  # ms
    te: float  # ms
    matrix: int
    spacing: float  # mm, in plane
    lowest: float  # z of the middle of the first slice, mm
    snr: float  # of white matter
    window: tuple[int, int]  # centre, width
    ti: float | None = None  # ms
    agent: bool = False
    tilt: float = 0.0  # degrees about the left-right axis

    def signal(self, tissue: Tissue) -> float:
        """Signed signal of a spin echo, or of an inversion recovery if there is a TI."""
        t1 = tissue.t1
        if self.agent:
            t1 = 1000 / (1000 / t1 + RELAXIVITY * tissue.gadolinium)
        recovery = 1 - np.exp(-self.tr / t1)
        if self.ti is not None:
            recovery = 1 - 2 * np.exp(-self.ti / t1) + np.exp(-self.tr / t1)
        return float(tissue.density * recovery * np.exp(-self.te / tissue.t2))


SERIES = {
    "t1": Series(1, "AX T1 phantom", 550, 10, 256, 0.9375, -70.0, 32, (450, 900)),
    "t1ce": Series(2, "AX T1 POST GD phantom", 550, 10, 240, 1.0, -69.0, 32, (500, 1000), agent=True),
    "t2": Series(3, "AX T2 phantom", 4500, 100, 288, 0.8333, -70.5, 28, (800, 1600), tilt=3.0),
    "flair": Series(4, "AX FLAIR phantom", 9000, 120, 256, 0.9375, -70.0, 28, (500, 1000), ti=2430),
}


# ---- Anatomy ---------------------------------------------------------------------------------------------------------
# All volumes are on Colin's grid of 1 mm cubes: index (i, j, k) runs to the right, the front and the head.

CSF_LEVEL, GM_LEVEL, WM_LEVEL = 34.0, 85.0, 113.0  # of Colin's T1 after bias correction
BONE_LEVEL, FLUID_LEVEL = 12.0, 24.0  # below the first there is bone or air only, from the second on none
MIDDLE_FOSSA = np.index_exp[np.r_[30:76, 104:150], 100:, :32]
EYES = ((53, 190, 34), (128, 190, 34))  # centres, voxels
EYE_RADIUS = 11.5  # mm


def ramp(values, start, end):
    """0 up to `start`, 1 from `end` on, linear between."""
    return np.clip((values - start) / (end - start), 0, 1)


def distance_inside(mask):
    return ndimage.distance_transform_edt(mask).astype(np.float32)


def close(mask, radius):
    grown = ndimage.distance_transform_edt(~mask) <= radius
    return ndimage.distance_transform_edt(grown) > radius


def largest_piece(mask):
    labels, _ = ndimage.label(mask)
    return labels == 1 + np.argmax(np.bincount(labels.ravel())[1:])


def without_bias(head, brain):
    """Divides by a smooth field that brings white matter to the same level everywhere."""
    corrected = head.copy()
    for _ in range(3):
        sure = ndimage.binary_erosion(brain & (np.abs(corrected - WM_LEVEL) < 12)).astype(np.float32)
        weight = ndimage.gaussian_filter(sure, 20, truncate=3) + 1e-4
        field = (ndimage.gaussian_filter(sure * corrected, 20, truncate=3) + 1e-4 * WM_LEVEL) / weight
        corrected *= WM_LEVEL / field
    return corrected


def brain_fractions(image, brain, inside):
    """CSF, grey and white matter of each voxel `inside` the skull, by where its value lies between the pure levels."""
    white = ramp(image, GM_LEVEL, WM_LEVEL)
    white[~brain] = 0  # outside the stripped brain only veins and dura are bright
    csf = 1 - ramp(image, CSF_LEVEL, GM_LEVEL)
    # A voxel half ventricle and half white matter looks like grey matter in a T1; it must not become a rim of it.
    ventricles = largest_piece((csf > 0.5) & (distance_inside(inside) > 24))
    at_wall = (ndimage.distance_transform_edt(~ventricles) <= 3) & brain
    at_wall &= ndimage.maximum_filter(image, 5) > (GM_LEVEL + 2 * WM_LEVEL) / 3
    mixed = ramp(image, CSF_LEVEL, WM_LEVEL)
    white = np.where(at_wall, mixed, white)
    csf = np.where(at_wall, 1 - mixed, csf)
    grey = 1 - csf - white
    # On the floor of the middle cranial fossa the brain's voxels hold bone and hardly fluid.
    floor = image[MIDDLE_FOSSA]
    csf[MIDDLE_FOSSA] = 0
    white[MIDDLE_FOSSA] = ramp(floor, GM_LEVEL, WM_LEVEL)
    grey[MIDDLE_FOSSA] = ramp(floor, BONE_LEVEL, GM_LEVEL) - white[MIDDLE_FOSSA]
    # Bone is darker than fluid. The edge of the region is a soft one, not that of its voxels.
    content = ramp(image, BONE_LEVEL, FLUID_LEVEL) * inside
    content *= np.maximum(brain, ramp(ndimage.gaussian_filter(inside.astype(np.float32), 0.8), 0.2, 0.8))
    return {"csf": csf * content, "gm": grey * content, "wm": white * content}


def anatomy(head, brain):
    """Fractions of the healthy head, the inside of the skull, and the whole head with what it encloses."""
    image = without_bias(head, brain)
    inside = ndimage.binary_fill_holes(close(brain, 5))
    # Fluid over the convolutions, which the stripping took away: dark and next to the brain.
    inside |= (ndimage.distance_transform_edt(~inside) <= 2) & (image < 60)
    fractions = brain_fractions(image, brain, inside)

    # The cut of Colin's field of view through ears and face, rounded off.
    i, j, _ = np.indices(head.shape, dtype=np.float32, sparse=True)
    rounded = (np.abs(i - 90) / 90) ** 4 + (np.abs(j - 104) / 111) ** 4
    soft = largest_piece((image > 30) & (rounded < 1)) & ~inside
    fat = ramp(image, 90, 165)
    fractions["fat"] = fat * soft
    fractions["muscle"] = np.minimum(ramp(image, 28, 75), 1 - fat) * soft  # bone, teeth and air: nothing

    for centre in EYES:
        distance = np.sqrt(sum((axis - c) ** 2 for axis, c in zip(np.indices(head.shape, sparse=True), centre)))
        eye = np.clip(EYE_RADIUS + 0.5 - distance, 0, 1)
        for name in fractions:
            fractions[name] = fractions[name] * (1 - eye)
        fractions["csf"] = fractions["csf"] + eye

    whole = close(sum(fractions.values()) > 0.3, 6)
    whole = np.stack([ndimage.binary_fill_holes(whole[:, :, k]) for k in range(whole.shape[2])], axis=2)
    return {name: f.astype(np.float32) for name, f in fractions.items()}, inside, whole


# ---- Lesion ----------------------------------------------------------------------------------------------------------

LESION = (121, 110, 102)  # centre in Colin's voxels: deep white matter of the right hemisphere
RIM_RADIUS, CORE_RADIUS, OEDEMA_RADIUS = 14.0, 9.0, 31.0  # mm
PUSH = 9.0  # mm, at the rim
PUSH_REACH = 30.0  # mm beyond the rim
CORE_FLUID = 0.5  # of the core, which is necrotic; the rest is tumour that takes up no agent


def smooth_noise(rng, shape, sigma):
    noise = ndimage.gaussian_filter(rng.standard_normal(shape, dtype=np.float32), sigma, mode="wrap", truncate=3)
    return noise / noise.std()


def add_lesion(fractions, inside, rng):
    """Pushes the tissue aside, then puts rim, core and oedema in. The skull stays where it is."""
    shape = inside.shape
    offset = [axis - c for axis, c in zip(np.indices(shape, dtype=np.float32, sparse=True), LESION)]
    radius = np.sqrt(sum(o**2 for o in offset))
    beyond = np.maximum(radius - RIM_RADIUS, 0) / PUSH_REACH
    push = PUSH * np.minimum(radius / RIM_RADIUS, 1) * np.exp(-(beyond**2))
    push *= ndimage.gaussian_filter(np.clip(distance_inside(inside) / 12, 0, 1), 2)
    push *= inside
    scale = push / np.maximum(radius, 1)
    source = [axis - o * scale for axis, o in zip(np.indices(shape, dtype=np.float32, sparse=True), offset)]
    lesioned = {name: ndimage.map_coordinates(f, source, order=1) for name, f in fractions.items()}

    def ball(r, wobble, width):  # 1 inside, 0 outside, with an uneven surface
        return 1 / (1 + np.exp(-np.clip((r + wobble - radius) / width, -30, 30)))

    coarse = smooth_noise(rng, shape, 6)
    swollen = ball(OEDEMA_RADIUS, 6 * coarse, 2.0)
    wet = {"wm": 0.9 * swollen, "gm": 0.15 * swollen}  # oedema follows white matter and spares the cortex
    lesioned["oedema"] = sum(lesioned[name] * w for name, w in wet.items())
    for name, w in wet.items():
        lesioned[name] = lesioned[name] * (1 - w)

    fine = smooth_noise(rng, shape, 3)
    outer = ball(RIM_RADIUS, 2.5 * coarse + 1.0 * fine, 0.5)
    core = outer * ball(CORE_RADIUS, 3.0 * coarse - 1.0 * fine, 0.6)
    for name in lesioned:
        lesioned[name] = lesioned[name] * (1 - outer)
    lesioned["rim"] = outer - core
    lesioned["tumour"] = (1 - CORE_FLUID) * core
    lesioned["csf"] = lesioned["csf"] + CORE_FLUID * core
    return lesioned


# ---- Images ----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Geometry:
    """Slices in the patient's coordinates (LPS, mm)."""

    row: np.ndarray
    column: np.ndarray
    normal: np.ndarray
    origins: list[np.ndarray]  # middle of the first pixel of each slice


def geometry(series, affine):
    angle = np.radians(series.tilt)
    row = np.array([1.0, 0, 0])
    column = np.array([0, np.cos(angle), np.sin(angle)])
    normal = np.cross(row, column)
    # The middle of the field of view is the middle of Colin's; slices go on along the normal.
    middle = (affine @ [90, 104, 90, 1])[:3] * [-1, -1, 1]
    first = middle + normal * (series.lowest - middle[2])
    corner = -(series.matrix - 1) / 2 * series.spacing * (row + column)
    return Geometry(row, column, normal, [first + corner + normal * THICKNESS * k for k in range(SLICES)])


def indices_of(plane, series, affine, origin):
    """Where the pixels of a slice lie on Colin's grid."""
    steps = np.arange(series.matrix) * series.spacing
    lps = origin[:, None, None] + plane.column[:, None, None] * steps[:, None] + plane.row[:, None, None] * steps
    ras = lps * np.array([-1, -1, 1])[:, None, None]
    inverse = np.linalg.inv(affine)
    at = np.tensordot(inverse[:3, :3], ras, 1) + inverse[:3, 3][:, None, None]
    at[2] = np.maximum(at[2], 0)  # the neck goes on below Colin's lowest slice
    return at


def acquire(series, fractions, whole, affine, rng):
    """Stored pixel values of every slice. Signed signals are mixed and averaged; magnitude and noise come last.

    (Mixing relaxation times instead would give FLAIR a false rim where tissue meets CSF.)
    """
    signal = sum(series.signal(TISSUES[name]) * f for name, f in fractions.items())
    near = (ndimage.distance_transform_edt(~whole) <= 4).astype(np.float32)
    white = series.signal(TISSUES["wm"])
    plane = geometry(series, affine)
    slices = []
    for origin in plane.origins:
        mean = np.zeros((series.matrix, series.matrix))
        for step in (np.arange(SLICE_SAMPLES) + 0.5) / SLICE_SAMPLES - 0.5:
            at = indices_of(plane, series, affine, origin + plane.normal * step * THICKNESS)
            mean += ndimage.map_coordinates(signal, at, order=1) / SLICE_SAMPLES
        real, imaginary = rng.normal(0, white / series.snr, (2, *mean.shape))
        noisy = np.hypot(np.abs(mean) + real, imaginary)
        # Scanners that mask the background write zeros there; so does this, and the files stay small.
        seen = ndimage.map_coordinates(near, indices_of(plane, series, affine, origin), order=1) > 0.5
        slices.append(np.clip(np.rint(noisy * seen / white * WHITE_MATTER_LEVEL), 0, 4095).astype(np.uint16))
    return plane, slices


# ---- DICOM -----------------------------------------------------------------------------------------------------------


def uid(*names):
    """The same UID for the same names, always."""
    digest = hashlib.sha256("/".join(("modality-synthesis head phantom 1", *map(str, names))).encode()).digest()
    return f"2.25.{int.from_bytes(digest[:16], 'big')}"


def decimal(value):
    return f"{value:.8f}".rstrip("0").rstrip(".")


def instance(name, series, plane, index, pixels):
    origin = plane.origins[index]
    ds = Dataset()
    ds.SpecificCharacterSet = "ISO_IR 100"
    # A claim to be original would be false. SyntheticData (0008,001C) would be true by the letter of PS3.3 C.12.1, but
    # this project's extension refuses whatever carries YES as a source of a synthesis, and the phantom plays a scanner
    # here. The attribute is optional: it is absent, and never NO. Name, descriptions, comments and both QualityControl
    # attributes say what this is.
    ds.ImageType = ["DERIVED", "SECONDARY", "OTHER"]
    ds.SOPClassUID = MRImageStorage
    ds.SOPInstanceUID = uid(name, index)
    for level in ("Study", "Series", "Content", "InstanceCreation"):
        setattr(ds, f"{level}Date", "20260101")
        setattr(ds, f"{level}Time", f"12{series.number:02}00")
    ds.StudyTime = "120000"
    ds.AccessionNumber = ""
    ds.Modality = "MR"
    ds.Manufacturer = "simulated"
    ds.ManufacturerModelName = "head phantom simulation"
    ds.DeviceSerialNumber = "1"
    ds.SoftwareVersions = "1"
    ds.ReferringPhysicianName = ""
    ds.StudyDescription = "HEAD PHANTOM (simulated, not a patient)"
    ds.SeriesDescription = series.description
    ds.DerivationDescription = "Simulated from tissue fractions of Colin 27 with an added lesion; not a measurement."
    ds.PatientName = "PHANTOM^NOT A PATIENT"
    ds.PatientID = "PHANTOM-1"
    ds.PatientBirthDate = ""
    ds.PatientSex = ""
    ds.QualityControlSubject = "YES"  # PS3.3 C.7.1.1: the subject is a quality control phantom
    ds.PatientComments = "Simulated head phantom, not a patient. For demonstration and tests of software only."
    if series.agent:
        ds.ContrastBolusAgent = "SIMULATED GADOLINIUM"
    ds.BodyPartExamined = "BRAIN"
    ds.ScanningSequence = "SE" if series.ti is None else "IR"
    ds.SequenceVariant = "NONE"
    ds.ScanOptions = ""
    ds.MRAcquisitionType = "2D"
    ds.SliceThickness = decimal(THICKNESS)
    ds.RepetitionTime = decimal(series.tr)
    ds.EchoTime = decimal(series.te)
    if series.ti is not None:
        ds.InversionTime = decimal(series.ti)
    ds.NumberOfAverages = "1"
    ds.MagneticFieldStrength = "3"
    ds.SpacingBetweenSlices = decimal(THICKNESS)
    ds.EchoTrainLength = "1"
    ds.FlipAngle = "90"
    ds.ProtocolName = series.description
    ds.PatientPosition = "HFS"
    ds.StudyInstanceUID = uid("study")
    ds.SeriesInstanceUID = uid(name)
    ds.StudyID = "1"
    ds.SeriesNumber = series.number
    ds.AcquisitionNumber = 1
    ds.InstanceNumber = index + 1
    ds.ImagePositionPatient = [decimal(v) for v in origin]
    ds.ImageOrientationPatient = [decimal(v) for v in (*plane.row, *plane.column)]
    ds.FrameOfReferenceUID = uid("frame of reference")
    ds.PositionReferenceIndicator = ""
    ds.SliceLocation = decimal(float(origin @ plane.normal))
    ds.ImageComments = "PHANTOM, NOT A PATIENT"
    ds.SamplesPerPixel = 1
    ds.PhotometricInterpretation = "MONOCHROME2"
    ds.Rows, ds.Columns = pixels.shape
    ds.PixelSpacing = [decimal(series.spacing)] * 2
    ds.BitsAllocated = 16
    ds.BitsStored = 12
    ds.HighBit = 11
    ds.PixelRepresentation = 0
    ds.QualityControlImage = "YES"
    ds.BurnedInAnnotation = "NO"
    ds.WindowCenter, ds.WindowWidth = map(str, series.window)
    ds.LossyImageCompression = "00"
    ds.PixelData = pixels.tobytes()

    ds.file_meta = FileMetaDataset()
    ds.file_meta.MediaStorageSOPClassUID = ds.SOPClassUID
    ds.file_meta.MediaStorageSOPInstanceUID = ds.SOPInstanceUID
    ds.file_meta.TransferSyntaxUID = ExplicitVRLittleEndian
    ds.file_meta.ImplementationClassUID = uid("implementation")
    ds.file_meta.ImplementationVersionName = "HEADPHANTOM1"
    ds.compress(JPEGLSLossless, generate_instance_uid=False)
    return ds


def write(folder, name, series, plane, slices):
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    for index, pixels in enumerate(slices):
        path = folder / f"IM{index + 1:04}.dcm"
        instance(name, series, plane, index, pixels).save_as(path, enforce_file_format=True)
    size = sum(path.stat().st_size for path in folder.iterdir())
    print(f"{name:6} {len(slices)} slices, {size / 1e6:.2f} MB, largest value {max(s.max() for s in slices)}")


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--head", required=True, type=Path, help="ch2.nii.gz of mricron-data")
    parser.add_argument("--brain", required=True, type=Path, help="ch2bet.nii.gz of mricron-data")
    parser.add_argument("--out", required=True, type=Path, help="folder of the study; its series folders are replaced")
    parser.add_argument("--flair-out", required=True, type=Path, help="folder of the FLAIR aside; it is replaced")
    args = parser.parse_args()

    head = nibabel.load(args.head)
    brain = np.asarray(nibabel.load(args.brain).dataobj) > 0
    healthy, inside, whole = anatomy(np.asarray(head.dataobj, dtype=np.float32), brain)
    fractions = add_lesion(healthy, inside, np.random.default_rng(SEED))
    print(f"head {whole.sum() / 1e6:.2f} L, inside of the skull {inside.sum() / 1e6:.2f} L")
    for name, series in SERIES.items():
        rng = np.random.default_rng([SEED, series.number])
        plane, slices = acquire(series, fractions, whole, head.affine, rng)
        folder = args.out / FOLDERS[name] if name in FOLDERS else args.flair_out
        write(folder, name, series, plane, slices)


if __name__ == "__main__":
    main()
