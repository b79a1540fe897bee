"""Command line: python -m synthesis.common.convert_bundle BUNDLE RESULT

Writes a bundle whose graphs contain their weights as one whose graphs share them in half precision, with
graphs for WebAssembly where they pay, and prints both sizes. The figures in the manifest and the card
remain those of the given bundle."""

from __future__ import annotations

import argparse
import json
import shutil
from pathlib import Path
from typing import Any

import onnx

from .bundle import DOMAIN, FORMAT, self_test_of, write_manifest, write_shared
from .command_line import exits_with_message


def convert(bundle: Path, result: Path) -> dict[str, Any]:
    """-> the manifest of the new bundle `result`; a network gets a half-precision graph where it had one"""
    shutil.copytree(bundle, result, ignore=shutil.ignore_patterns("*.onnx"))
    manifest = upgraded(json.loads((bundle / "bundle.json").read_text()))
    old, test = manifest["files"], manifest["self_test"]
    files: dict[str, dict[str, Any]] = {}
    for name, file in old["fp32"].items():
        entries = write_shared(onnx.load(bundle / file["path"]), result, name, name in old.get("fp16", {}))
        for key, entry in entries.items():
            files.setdefault(key, {})[name] = entry
        inputs = manifest["networks"][name]["inputs"]
        test["networks"][name] = self_test_of(result, name, inputs, test["seed"])
    manifest["files"] = files
    write_manifest(result, manifest)
    return manifest


def upgraded(manifest: dict[str, Any]) -> dict[str, Any]:
    """-> the manifest in this format; format 2 named no domain and called the roles contrasts"""
    manifest |= {"format": FORMAT}
    if "contrasts" in manifest:
        manifest |= {"domain": DOMAIN, "roles": manifest.pop("contrasts")}
    return manifest


def size(manifest: dict[str, Any]) -> int:
    """-> bytes of all networks"""
    return sum(file["bytes"] for files in manifest["files"].values() for file in files.values())


@exits_with_message()
def main() -> None:
    """Convert the bundle that the arguments name."""
    parser = argparse.ArgumentParser(prog="synthesis.common.convert_bundle", description=__doc__)
    parser.add_argument("bundle", type=Path)
    parser.add_argument("result", type=Path)
    args = parser.parse_args()
    before = size(json.loads((args.bundle / "bundle.json").read_text()))
    after = size(convert(args.bundle, args.result))
    print(f"{before} -> {after} bytes, {after / before:.3f}")


if __name__ == "__main__":
    main()
