"""Counting floating point operations (2 per multiply-add, matrix products and convolutions only)."""
from __future__ import annotations

import torch
from torch import Tensor, nn
from torch.utils.flop_counter import FlopCounterMode


@torch.no_grad()
def count(network: nn.Module, inputs: tuple[Tensor, ...]) -> int:
    """-> operations of one run"""
    with FlopCounterMode(display=False) as counter:
        network(*inputs)
    return int(counter.get_total_flops())


def of_volume(flops: dict[str, int], slab: int, slices: int, keys: int, sources: int, steps: int, samples: int) -> int:
    """-> operations of one whole volume, given those of one run of each kind of network ('mrm', 'mdn', 'cunet-encoder',
    'cunet-decoder')"""
    key_runs, slice_runs = -(-keys // slab), -(-slices // slab)
    return (key_runs * (sources * flops["mrm"] + steps * samples * flops["mdn"])
            + slice_runs * (flops["cunet-encoder"] + samples * flops["cunet-decoder"]))
