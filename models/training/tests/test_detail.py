"""The amplified detail, by the same figures as the engine's test, and its measured gain."""

import torch

from synthesis.common.detail import amplify_detail
from synthesis.methods.cdm.detail import chosen


def test_adds_the_difference_of_two_gaussians() -> None:
    impulse = torch.zeros(2, 15, 15)
    impulse[:, 7, 7] = 1
    out = amplify_detail(impulse, torch.ones(2, 15, 15, dtype=torch.bool), 2)
    expected = torch.tensor([1 + 2 * (0.6186935 - 0.1591559), 2 * (0.0837316 - 0.0965329)])
    assert torch.allclose(out[:, 7, 7:9], expected.expand(2, 2), atol=1e-5)


def test_leaves_what_has_no_detail_and_does_not_see_the_outside() -> None:
    brain = torch.zeros(1, 15, 15, dtype=torch.bool)
    brain[..., 5:11] = True
    flat = torch.full((1, 15, 15), 0.4)
    assert torch.allclose(amplify_detail(flat, brain, 3), flat * brain, atol=1e-6)
    bright = torch.where(brain, 0.4, 9.0)
    assert torch.equal(amplify_detail(bright, brain, 1), amplify_detail(flat, brain, 1))


def test_the_gain_is_the_largest_that_costs_little() -> None:
    assert (
        chosen({0: [(20, 0.2), (30, 0.2)], 1: [(19.9, 0.3), (29.95, 0.3)], 2: [(19.8, 0.4), (29.8, 0.4)]})
        == 1
    )
