"""Packs prepared patients into small files, for training on another machine.

    python -m synthesis.data.pack --work WORK --out OUT --size 100

OUT holds `part-<n>.zip`, none larger than PART_MB. For each patient a part has `<id>/record.json`,
`<id>/labels.webp` (lossless mosaic of the label code) and `<id>/<contrast>.webp` (lossy mosaic of the coded
contrast), each of the slices' bounding box.
"""

from __future__ import annotations

import argparse
import io
import json
import zipfile
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image
from tqdm import tqdm

from .. import CONTRASTS, SIDE
from ..common.command_line import exits_with_message
from .archive import decode_webp, mosaic_of, slices_of
from .codes import decode
from .patients import BRAIN

PART_MB = 55
QUALITIES = range(95, 25, -5)
SAMPLE = 12  # patients that the size is estimated on
EFFORT = 4  # of the encoder, 0 (fast) to 6
WORKERS = 2
Files = dict[str, bytes]


def pack(
    work: Path,
    out: Path,
    size_mb: float,
    splits: Sequence[str] = ("train", "extra"),
    variant: str = "prepared",
) -> None:
    """Work folder -> packed folder of at most `size_mb` of one variant, at the best quality that fits; prints
    the loss of each contrast

    Raises ValueError if nothing is prepared, `out` holds parts already, or the lowest quality does not
    fit.
    """
    names = [
        path.stem for path in sorted(work.glob("*.json")) if json.loads(path.read_text())["split"] in splits
    ]
    if not names:
        raise ValueError(
            f"{work}: no prepared patient of {', '.join(splits)}. Run synthesis.data.prepare first."
        )
    if list(out.glob("part-*.zip")):
        raise ValueError(f"{out}: holds packed patients already. Empty the folder or name another.")
    out.mkdir(parents=True, exist_ok=True)
    for quality in QUALITIES:
        sample = names[:: -(-len(names) // SAMPLE)]
        if (
            np.mean([size_of(files) for files in encoded_all(work, sample, quality, variant)]) * len(names)
            > size_mb * 1e6
        ):
            continue
        files = dict(
            zip(
                names,
                tqdm(encoded_all(work, names, quality, variant), total=len(names), desc=f"quality {quality}"),
                strict=True,
            )
        )
        if sum(map(size_of, files.values())) <= size_mb * 1e6:
            parts = write_parts(out, files)
            total = sum(part.stat().st_size for part in parts)
            print(f"{len(names)} patients, quality {quality}, {total / 1e6:.1f} MB in {len(parts)} parts")
            print(losses(work, files, variant))
            return
    raise ValueError(
        f"{size_mb} MB are too few for {len(names)} patients even at quality {QUALITIES[-1]}. Allow more."
    )


def size_of(files: Files) -> int:
    """-> bytes of the files with their zip headers, about"""
    return sum(len(data) + 200 for data in files.values())


def encoded_all(work: Path, names: Sequence[str], quality: int, variant: str) -> Any:
    """-> `encoded` of each patient, in order"""
    with ThreadPoolExecutor(WORKERS) as pool:
        yield from pool.map(lambda name: encoded(work, name, quality, variant), names)


def encoded(work: Path, name: str, quality: int, variant: str) -> Files:
    """-> the patient's files by name"""
    voxels = np.load(work / variant / f"{name}.npy")
    record = json.loads((work / f"{name}.json").read_text())
    rows, columns = (np.flatnonzero(voxels[-1].any(axes)) for axes in ((0, 2), (0, 1)))
    box = [int(rows[0]), int(rows[-1]) + 1, int(columns[0]), int(columns[-1]) + 1]
    across = int(np.ceil(np.sqrt(voxels.shape[1])))
    cut = voxels[..., box[0] : box[1], box[2] : box[3]]
    files = {
        "record.json": json.dumps(record | {"variant": variant, "box": box, "across": across}).encode(),
        "labels.webp": encode_webp(mosaic_of(cut[-1], across), lossless=True, quality=100),
    }
    return files | {
        f"{contrast}.webp": encode_webp(mosaic_of(cut[c], across), lossless=False, quality=quality)
        for c, contrast in enumerate(CONTRASTS)
        if record["present"][c]
    }


def encode_webp(image: np.ndarray, lossless: bool, quality: int) -> bytes:
    """uint8 [H, W] -> content of a WebP file"""
    buffer = io.BytesIO()
    Image.fromarray(image).save(buffer, "WEBP", lossless=lossless, quality=quality, method=EFFORT)
    return buffer.getvalue()


def decoded(files: Files) -> np.ndarray:
    """A patient's files -> uint8 [5, Z, 192, 192], see `prepare.py`"""
    record = json.loads(files["record.json"])
    top, bottom, left, right = record["box"]
    size = (record["depth"], bottom - top, right - left)
    voxels = np.zeros((len(CONTRASTS) + 1, record["depth"], SIDE, SIDE), np.uint8)
    cut = voxels[..., top:bottom, left:right]
    cut[-1] = slices_of(decode_webp(files["labels.webp"]), size, record["across"])
    for c, contrast in enumerate(CONTRASTS):
        if record["present"][c]:
            volume = slices_of(decode_webp(files[f"{contrast}.webp"]), size, record["across"])
            cut[c] = np.where(cut[-1] & BRAIN, np.maximum(volume, 1), 0)
    return voxels


def write_parts(out: Path, patients: dict[str, Files]) -> list[Path]:
    """Write the patients in turn, a new part whenever one would exceed PART_MB -> the parts"""
    parts: list[list[str]] = [[]]
    size = 0
    for name, files in patients.items():
        if parts[-1] and size + size_of(files) > PART_MB * 1e6:
            parts.append([])
            size = 0
        parts[-1].append(name)
        size += size_of(files)
    paths = [out / f"part-{i}.zip" for i in range(len(parts))]
    for path, names in zip(paths, parts, strict=True):
        with zipfile.ZipFile(path, "w") as archive:  # stored: WebP does not shrink further
            for name in names:
                for file, data in patients[name].items():
                    archive.writestr(zipfile.ZipInfo(f"{name}/{file}"), data)
    return paths


def read_packed(folder: Path) -> list[tuple[dict[str, Any], Callable[[], np.ndarray]]]:
    """Packed folder -> record and reader of every patient, see `load.read_work`; empty if nothing is
    packed"""
    found: dict[str, Files] = {}
    for path in sorted(folder.glob("part-*.zip")):
        with zipfile.ZipFile(path) as archive:
            for member in archive.namelist():
                name, file = member.split("/")
                found.setdefault(name, {})[file] = archive.read(member)

    def reader(files: Files) -> Callable[[], np.ndarray]:
        return lambda: decoded(files)

    return [(json.loads(files["record.json"]), reader(files)) for files in found.values()]


def losses(work: Path, patients: dict[str, Files], variant: str) -> str:
    """-> psnr in dB of each packed contrast inside the brain, intensity range 1, over some patients"""
    errors: dict[str, list[float]] = {contrast: [] for contrast in CONTRASTS}
    for name, files in list(patients.items())[:: -(-len(patients) // SAMPLE)]:
        before, after = np.load(work / variant / f"{name}.npy"), decoded(files)
        brain = (before[-1] & BRAIN) > 0
        for c, contrast in enumerate(CONTRASTS):
            if before[c].any():
                errors[contrast].append(
                    float(np.mean((decode(before[c][brain]) - decode(after[c][brain])) ** 2))
                )
    return "  ".join(
        f"{contrast} {-10 * np.log10(np.mean(error)):.1f} dB" for contrast, error in errors.items() if error
    )


@exits_with_message()
def main() -> None:
    """Command line."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--work", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument(
        "--size", type=float, required=True, dest="size_mb", help="megabytes of all parts together"
    )
    parser.add_argument("--splits", nargs="+", default=["train", "extra"])
    parser.add_argument("--variant", default="prepared", help="of the patients (prepare.py)")
    pack(**vars(parser.parse_args()))


if __name__ == "__main__":
    main()
