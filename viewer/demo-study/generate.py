"""Makes the demo study: a simulated MR examination of a head phantom with a lesion. It is not a patient.

For mechanics only: no score on it is evidence. The anatomy comes from Colin 27 as Debian's package mricron-data has it
(see NOTICE.md); every contrast is simulated from ONE set of tissue fractions, so that the lesion is in all of them.

    python generate.py --head ch2.nii.gz --brain ch2bet.nii.gz --out dicom --flair-out ../../tests/fixtures/demo-flair

Needs numpy, scipy, nibabel, pydicom and pyjpegls. The same versions of them give the same bytes every time: the noise
has a fixed seed, and UIDs and dates are fixed.
"""

import argparse
from pathlib import Path

import nibabel
import numpy as np

from acquire import acquire
from anatomy import anatomy
from lesion import add_lesion
from tissues import SERIES
from write_series import write_series

SEED = 27
# FLAIR is the contrast that the study lacks.
FOLDERS = {"t1": "01_t1", "t1ce": "02_t1ce", "t2": "03_t2", "t1ce-low": "05_t1ce_low"}


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
        write_series(folder, name, series, plane, slices)


if __name__ == "__main__":
    main()
