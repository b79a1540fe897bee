"""Command line: python -m synthesis.regions.brain STAGE --config FILE [--data DIR] [--run DIR] [--bundles
DIR]"""

from __future__ import annotations

import argparse
import json
from pathlib import Path

import torch

from ...common.command_line import exits_with_message
from .config import Config
from .data import THICK, read_heads, read_stripped, read_thick

STAGES = ("train", "validate", "surface", "export", "evaluate", "card", "fixture")


@exits_with_message()
def main() -> None:
    """Run the stage that the arguments name."""
    parser = argparse.ArgumentParser(prog="synthesis.regions.brain", description=__doc__)
    parser.add_argument("stage", choices=STAGES)
    parser.add_argument("--config", type=Path, required=True)
    parser.add_argument(
        "--data",
        type=Path,
        help="folder that holds heads/ and synthesis/ (train, validate, surface, evaluate)",
    )
    parser.add_argument(
        "--run", type=Path, help="folder of checkpoints and logs (train, validate, surface, export, evaluate)"
    )
    parser.add_argument(
        "--bundles", type=Path, help="folder that holds one folder a bundle (export, evaluate, card, fixture)"
    )
    parser.add_argument("--fixture", type=Path, help="folder to write the reference case to (fixture)")
    parser.add_argument("--without", help="train and score only the network without this person (validate)")
    parser.add_argument("--threads", type=int, default=1)
    args = parser.parse_args()
    torch.set_num_threads(args.threads)
    config = Config.read(args.config)

    if args.stage == "train":
        from .train import train

        train(
            config,
            read_heads(args.data / "heads"),
            read_stripped(args.data / "synthesis", "train"),
            args.run / "brain.pt",
        )
    elif args.stage == "validate":
        from .cross_validate import validate

        validate(
            config,
            read_heads(args.data / "heads"),
            read_stripped(args.data / "synthesis", "train"),
            args.run,
            args.without,
        )
    elif args.stage == "surface":
        from .cross_validate import correct

        surface = correct(config, read_heads(args.data / "heads"), args.run)
        (args.run / "surface.json").write_text(json.dumps(surface.manifest(), indent=1) + "\n")
    elif args.stage == "export":
        from .export import export

        export(config, args.run, args.bundles / config.id)
    elif args.stage == "evaluate":
        from .evaluate import evaluate

        archive = args.data / "synthesis"
        evaluate(
            config,
            read_stripped(archive, "val"),
            read_thick(archive, THICK),
            args.run,
            args.bundles / config.id,
        )
    elif args.stage == "card":
        from .card import write_card

        write_card(args.bundles / config.id)
    else:
        from .fixture import write_fixture

        write_fixture(config, args.bundles / config.id, args.fixture)


if __name__ == "__main__":
    main()
