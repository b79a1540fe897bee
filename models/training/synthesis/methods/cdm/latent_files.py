"""Files of latents: only cells of the brain, mostly as bytes."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import torch

from ... import CONTRASTS, T1CE
from .latents import LatentCase
from .lowres import valid_cells
from .mrm import TOKENS

PART = 16  # MB of one saved file, at most

ON_TARGETS = ("residual", "scale", "absolute", "mean")
HALF = ("residual", "scale", "absolute")
BYTES = ("mean", "images", "lesion", "features", "enhancing")


def save_cases(cases: list[LatentCase], stem: Path) -> list[Path]:
    """Write the cases to `<stem>-00.npz`, `<stem>-01.npz` ... of at most 16 MB each -> the files

    They have only cells of the brain, targets and sources: residual, scale and absolute error as float16, the
    rest as bytes between the smallest and largest value of the array. With features of 16 channels a case
    with one target takes about 150 kB. Tokens are not saved: `train_mrm.tokens_of` computes them again.
    """
    files: list[Path] = []
    arrays: dict[str, np.ndarray] = {}
    records: list[dict[str, Any]] = []

    def flush() -> None:
        if records:
            files.append(stem.with_name(f"{stem.name}-{len(files):02d}.npz"))
            stem.parent.mkdir(parents=True, exist_ok=True)
            header = np.frombuffer(json.dumps(records).encode(), np.uint8)
            np.savez_compressed(files[-1], allow_pickle=False, records=header, **arrays)
            arrays.clear()
            records.clear()

    for case in cases:
        packed, ranges = pack_case(case)
        if sum(a.nbytes for a in arrays.values()) + sum(a.nbytes for a in packed.values()) > PART * 1_000_000:
            flush()
        arrays.update({f"{len(records)}.{name}": a for name, a in packed.items()})
        records.append(
            {
                "patient": case.patient,
                "fold": case.fold,
                "sources": case.sources,
                "targets": case.targets,
                "segmented": case.segmented,
                "error": case.error,
                "gain": case.gain,
                "ceiling": case.ceiling,
                "ranges": ranges,
            }
        )
    flush()
    return files


def pack_case(case: LatentCase) -> tuple[dict[str, np.ndarray], dict[str, tuple[float, float]]]:
    """-> arrays of the brain's cells [N, C], and lowest value and range of those saved as bytes"""
    valid = case.valid[:, 0].cpu()
    arrays = {"share": np.rint(255 * case.share[:, 0].cpu().float().numpy()).astype(np.uint8)}
    ranges = {}
    for name in HALF + BYTES:
        maps = getattr(case, name)
        if name in ON_TARGETS:
            maps = maps[:, list(case.targets)]
        elif name == "images":
            maps = maps[:, list(case.sources)]
        elif name == "enhancing" and not (case.segmented and T1CE in case.targets):
            continue
        values = maps.cpu().float().movedim(1, -1)[valid].numpy()
        if name in BYTES:
            low, high = float(values.min(initial=0)), float(values.max(initial=0))
            ranges[name] = (low, max(high - low, 1e-6))
            arrays[name] = np.rint(255 * (values - low) / ranges[name][1]).astype(np.uint8)
        else:
            arrays[name] = values.astype(np.float16)
    return arrays, ranges


def load_cases(stem: Path) -> list[LatentCase]:
    """-> the cases that `save_cases` wrote, with tokens of 0. Raises FileNotFoundError without files."""
    files = sorted(stem.parent.glob(f"{stem.name}-[0-9][0-9].npz"))
    if not files:
        raise FileNotFoundError(f"{stem}-00.npz: no latents there; compute them first")
    cases = []
    for file in files:
        with np.load(file) as content:
            for i, record in enumerate(json.loads(content["records"].tobytes())):
                cases.append(
                    unpack_case(
                        record,
                        {
                            name.split(".")[1]: content[name]
                            for name in content.files
                            if name.startswith(f"{i}.")
                        },
                    )
                )
    return cases


def unpack_case(record: dict[str, Any], arrays: dict[str, np.ndarray]) -> LatentCase:
    """The inverse of `pack_case`, with tokens of 0"""
    share = torch.from_numpy(arrays["share"].astype(np.float32) / 255)[:, None].half()
    valid = valid_cells(share)[:, 0]
    sources, targets, ranges = (record.pop(name) for name in ("sources", "targets", "ranges"))
    places = {"images": sources, **{name: targets for name in ON_TARGETS}}
    maps: dict[str, Any] = {}
    for name in HALF + BYTES:
        full = torch.zeros(*valid.shape, len(CONTRASTS) if name in places else 1)
        if name in arrays:
            values = torch.from_numpy(arrays[name].astype(np.float32))
            if name in BYTES:
                low, extent = ranges[name]
                values = low + values / 255 * extent
            if name in places:
                spot = torch.zeros(len(values), len(CONTRASTS))
                spot[:, list(places[name])] = values
                values = spot
            full = torch.zeros(*valid.shape, values.shape[1])
            full[valid] = values
        maps[name] = full.movedim(-1, 1).half()
    tokens = torch.zeros(len(share), TOKENS, *share.shape[2:]).half()
    fields: dict[str, Any] = {n: tuple(v) if isinstance(v, list) else v for n, v in record.items()}
    return LatentCase(
        **fields, sources=tuple(sources), targets=tuple(targets), share=share, tokens=tokens, **maps
    )
