"""Registers pairs of volumes with elastix, as a yardstick: pip install itk-elastix numpy.

Usage: elastix.py FOLDER; FOLDER/pairs.json lists {fixed, moving}, each {file, dims, indexToWorld}: float32
voxels and a column-major 4x4 affine in LPS mm. Prints for every pair the rigid transform from the fixed to
the moving space, row by row.
"""
import json
import sys
from pathlib import Path

import itk
import numpy as np


def image(folder, volume):
    affine = np.array(volume["indexToWorld"]).reshape(4, 4).T
    spacing = np.linalg.norm(affine[:3, :3], axis=0)
    voxels = np.fromfile(folder / volume["file"], dtype=np.float32).reshape(volume["dims"][::-1])
    made = itk.image_from_array(voxels)
    made.SetSpacing(spacing.tolist())
    made.SetOrigin(affine[:3, 3].tolist())
    made.SetDirection(itk.matrix_from_array(affine[:3, :3] / spacing))
    return made


def rigid(parameters, centre):
    """Euler3DTransform: Rz Rx Ry about the centre, then the shift."""
    rx, ry, rz = parameters[:3]
    c, s = np.cos, np.sin
    x = np.array([[1, 0, 0], [0, c(rx), -s(rx)], [0, s(rx), c(rx)]])
    y = np.array([[c(ry), 0, s(ry)], [0, 1, 0], [-s(ry), 0, c(ry)]])
    z = np.array([[c(rz), -s(rz), 0], [s(rz), c(rz), 0], [0, 0, 1]])
    matrix = np.eye(4)
    matrix[:3, :3] = z @ x @ y
    matrix[:3, 3] = centre + np.array(parameters[3:]) - matrix[:3, :3] @ centre
    return matrix


def main():
    folder = Path(sys.argv[1])
    found = []
    for pair in json.loads((folder / "pairs.json").read_text()):
        settings = itk.ParameterObject.New()
        map_ = settings.GetDefaultParameterMap("rigid", 4)
        map_["AutomaticTransformInitialization"] = ["true"]
        map_["AutomaticTransformInitializationMethod"] = ["CenterOfGravity"]
        map_["NumberOfSpatialSamples"] = ["8000"]
        map_["MaximumNumberOfIterations"] = ["600"]
        settings.AddParameterMap(map_)
        _, result = itk.elastix_registration_method(
            image(folder, pair["fixed"]), image(folder, pair["moving"]), parameter_object=settings, log_to_console=False
        )
        transform = result.GetParameterMap(0)
        numbers = [[float(v) for v in transform[key]] for key in ("TransformParameters", "CenterOfRotationPoint")]
        found.append(rigid(numbers[0], np.array(numbers[1])).tolist())
    print(json.dumps(found))


main()
