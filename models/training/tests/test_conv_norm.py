"""The statistics of batch normalizations."""

from __future__ import annotations

import torch
from torch import nn

from synthesis.common.conv_norm import BATCHES, ConvNorm, fix_norms, measure_norms


def test_measured_statistics_are_the_mean_over_all_runs_and_leave_training_as_it_was() -> None:
    torch.manual_seed(1)
    network = nn.Sequential(ConvNorm(1, 2)).eval()
    examples = torch.randn(BATCHES, 4, 1, 8, 8) + torch.linspace(-1, 1, BATCHES)[:, None, None, None, None]
    measure_norms(network, lambda n: network(examples[n]))
    found = network[0]
    assert isinstance(found, ConvNorm) and isinstance(found.norm, nn.BatchNorm2d)
    seen = torch.stack([found.conv(e).mean((0, 2, 3)) for e in examples]).mean(0)
    assert found.norm.running_mean is not None
    assert torch.allclose(found.norm.running_mean, seen, atol=1e-6)
    assert not network.training and found.norm.momentum == 0.1


def test_fixed_statistics_train_as_they_infer() -> None:
    torch.manual_seed(1)
    network = nn.Sequential(ConvNorm(1, 2), ConvNorm(2, 2))
    x = torch.randn(4, 1, 8, 8)
    measure_norms(network, lambda _: network(x + 3))
    fix_norms(network)
    inferred, trained = network.eval()(x), network.train()(x)
    assert torch.equal(inferred, trained)
    before = {k: v.clone() for k, v in network.state_dict().items()}
    measure_norms(network, lambda _: network(x))
    assert all(torch.equal(v, before[k]) for k, v in network.state_dict().items())
