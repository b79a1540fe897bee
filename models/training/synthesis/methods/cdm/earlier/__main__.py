"""Command line: python -m synthesis.methods.cdm.earlier STAGE --config FOLDER [--data DIR] [--run DIR]
[--bundles DIR]"""

from __future__ import annotations

import argparse
from pathlib import Path

from .config import Config

TRAINING = ("unet", "mrm", "mdn", "cunet")
STAGES = (*TRAINING, "export", "adopt", "evaluate", "card", "fixture", "white_matter", "indeterminate")


def main() -> None:
    """Run the stage that the arguments name."""
    parser = argparse.ArgumentParser(prog="synthesis.methods.cdm.earlier", description=__doc__)
    parser.add_argument("stage", choices=STAGES)
    parser.add_argument(
        "--config", type=Path, required=True, help="folder of settings: bundle.json and one file a stage"
    )
    parser.add_argument(
        "--data",
        type=Path,
        help="training archive (all that need data), or folder of NIfTI patients in BraTS naming (training, "
        "evaluate)",
    )
    parser.add_argument(
        "--run",
        type=Path,
        help="folder of caches, checkpoints, logs and figures (training, export, evaluate)",
    )
    parser.add_argument(
        "--bundles", type=Path, help="folder that holds one folder a bundle (export, evaluate, card, fixture)"
    )
    parser.add_argument(
        "--earlier",
        type=Path,
        help="folder of a format 1 bundle whose C-UNet becomes one more member (adopt)",
    )
    parser.add_argument("--fixture", type=Path, help="folder to write the reference case to (fixture)")
    parser.add_argument("--member", type=int, help="only this member of the ensemble (unet, cunet)")
    parser.add_argument(
        "--plain",
        action="store_true",
        help="continue the plain U-Net instead, as baseline of the ablation (cunet)",
    )
    parser.add_argument(
        "--threads", type=int, default=0, help="of PyTorch and onnxruntime; 0: as many as there are cores"
    )
    parser.add_argument("--only", nargs="*", help="parts of the evaluation to do again (evaluate)")
    args = parser.parse_args()
    config = Config.read(args.config)

    if args.stage in TRAINING:
        train(config, args)
    elif args.stage == "export":
        from .export import export

        export(config, args.run, args.bundles / config.id)
    elif args.stage == "adopt":
        from .adopt import adopt

        adopt(args.earlier, args.bundles / config.id)
    elif args.stage == "evaluate":
        from .evaluate import evaluate

        evaluate(config, args.data, args.run, args.bundles / config.id, args.threads, args.only)
    elif args.stage == "card":
        from .card import write_card
        from .export import refresh_words

        refresh_words(config, args.bundles / config.id)
        write_card(args.bundles / config.id)
    elif args.stage == "indeterminate":
        from .indeterminate import add_indeterminate

        add_indeterminate(args.bundles / config.id)
    elif args.stage == "white_matter":
        from .white_matter import measure

        measure(args.data, args.bundles / config.id)
    else:
        from .fixture import write_fixture

        write_fixture(config, args.bundles / config.id, args.fixture)


def train(config: Config, args: argparse.Namespace) -> None:
    """One of the stages of training."""
    import torch

    from .data import load

    if args.threads:
        torch.set_num_threads(args.threads)
    patients, extra = (load(args.data, part, config.grid, args.run / "cache") for part in ("train", "extra"))
    members = range(config.folds) if args.member is None else [args.member]
    if args.stage == "mrm":
        from .train_mrm import train_mrm

        train_mrm(config, patients + extra, args.run)
    elif args.stage == "mdn":
        from .train_mdn import train_mdn

        train_mdn(config, patients, extra, args.run)
    elif args.stage == "unet":
        from .train_unet import train_unet

        for member in members:
            train_unet(config, patients, extra, args.run, member)
    else:
        from .mix import fit_mix
        from .train_cunet import cunet_file, train_cunet

        for member in members:
            train_cunet(config, patients, extra, args.run, member, args.plain)
        if not args.plain and all(cunet_file(args.run, member).exists() for member in range(config.members)):
            fit_mix(config, patients, args.run)


if __name__ == "__main__":
    main()
