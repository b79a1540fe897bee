"""A series as DICOM files, compressed without loss."""

import hashlib
import shutil

from pydicom.dataset import Dataset, FileMetaDataset
from pydicom.uid import ExplicitVRLittleEndian, JPEGLSLossless, MRImageStorage

from acquire import THICKNESS


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


def write_series(folder, name, series, plane, slices):
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    for index, pixels in enumerate(slices):
        path = folder / f"IM{index + 1:04}.dcm"
        instance(name, series, plane, index, pixels).save_as(path, enforce_file_format=True)
    size = sum(path.stat().st_size for path in folder.iterdir())
    print(f"{name:6} {len(slices)} slices, {size / 1e6:.2f} MB, largest value {max(s.max() for s in slices)}")
