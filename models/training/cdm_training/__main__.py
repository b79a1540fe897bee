"""Command line: python -m cdm_training STAGE --config FILE [--data DIR] [--run DIR] [--bundles DIR]"""
from __future__ import annotations

import argparse
from pathlib import Path

from .config import Config

STAGES = ("mrm", "mdn", "cunet", "export", "evaluate", "card", "fixture")


def main() -> None:
    parser = argparse.ArgumentParser(prog="cdm_training", description=__doc__)
    parser.add_argument("stage", choices=STAGES)
    parser.add_argument("--config", type=Path, required=True)
    parser.add_argument("--data", type=Path, help="folder of the training archive (mrm, mdn, cunet, evaluate)")
    parser.add_argument("--run", type=Path, help="folder of caches, checkpoints and logs (mrm, mdn, cunet, export, evaluate)")
    parser.add_argument("--bundles", type=Path, help="folder that holds one folder a bundle (export, evaluate, card, fixture)")
    parser.add_argument("--fixture", type=Path, help="folder to write the reference case to (fixture)")
    parser.add_argument("--until", type=int, help="stop the C-UNet after so many of its stages (cunet)")
    parser.add_argument("--threads", type=int, default=1, help="of onnxruntime (evaluate)")
    args = parser.parse_args()
    config = Config.read(args.config)

    if args.stage in ("mrm", "mdn", "cunet"):
        from .data import load
        patients = load(args.data, "train", config, args.run / "cache")
        if args.stage == "mrm":
            from .train_mrm import train_mrm
            train_mrm(config, patients, args.run)
        elif args.stage == "mdn":
            from .train_mdn import train_mdn
            train_mdn(config, patients, args.run)
        else:
            from .train_cunet import train_cunet
            train_cunet(config, patients, args.run, args.until)
    elif args.stage == "export":
        from .export import export
        export(config, args.run, args.bundles / config.id)
    elif args.stage == "evaluate":
        from .data import load
        from .evaluate import evaluate
        evaluate(config, load(args.data, "val", config, args.run / "cache"), args.bundles / config.id, args.threads)
    elif args.stage == "card":
        from .card import write_card
        write_card(args.bundles / config.id)
    else:
        from .fixture import write_fixture
        write_fixture(config, args.bundles / config.id, args.fixture)


if __name__ == "__main__":
    main()
