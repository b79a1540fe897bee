"""Command line: python -m synthesis.distribution --data DIR --bundle DIR --work DIR [--split val --why ...]

Without --split it fits the field `input_distribution` of the bundle on the training patients and writes it.
With one it says how many of those patients' inputs the preflight finds unusual.
"""

from __future__ import annotations

import argparse
import json
from dataclasses import asdict
from pathlib import Path

from ..common.bundle import write_manifest
from ..common.command_line import exits_with_message
from ..common.looks import record_look
from ..data.archive import read_archive
from .features import MISALIGNED, Inputs, measured
from .fit import distribution


@exits_with_message()
def main() -> None:
    """Fit or judge, as the arguments say."""
    parser = argparse.ArgumentParser(prog="synthesis.distribution", description=__doc__)
    parser.add_argument("--data", type=Path, required=True, help="training archive")
    parser.add_argument("--bundle", type=Path, required=True, help="folder of the bundle")
    parser.add_argument("--work", type=Path, required=True, help="folder that keeps the features")
    parser.add_argument("--split", choices=("train", "val", "extra"), help="judge these patients")
    parser.add_argument("--why", help="reason for a look at the validation patients")
    args = parser.parse_args()
    if args.split == "val":
        record_look("false alarms of input_distribution", args.why)
    split = args.split or "train"
    cases = [case for case in read_archive(args.data) if case.split == split and case.id not in MISALIGNED]
    cases = [case for case in cases if any(case.target)]
    if args.split:
        judge(list(measured(cases, args.bundle, args.work)))
        return
    kept = args.work / "features.jsonl"
    if not kept.is_file():
        args.work.mkdir(parents=True, exist_ok=True)
        lines = [json.dumps(asdict(one)) for one in measured(cases, args.bundle, args.work)]
        kept.write_text("\n".join(lines) + "\n")
    inputs = [Inputs(**json.loads(line)) for line in kept.read_text().splitlines()]
    manifest = json.loads((args.bundle / "bundle.json").read_text())
    write_manifest(args.bundle, manifest | {"input_distribution": distribution(inputs)})


def judge(inputs: list[Inputs]) -> None:
    """Print what the preflight finds unusual."""
    unusual = [one for one in inputs if one.findings]
    for one in unusual:
        print(f"{one.id}: {' '.join(one.findings)}")
    print(f"{len(unusual)} of {len(inputs)} inputs are unusual")


main()
