"""The shading of a contrast that was not acquired."""

from __future__ import annotations

import numpy as np
import pytest

from synthesis import FLAIR, T1, T1CE, T2
from synthesis.data.patients import Record
from synthesis.data.shading import with_shading, without
from synthesis.data.target_shading import LIKE, measure, target_shading


def patient(number: int, shading: tuple[tuple[float, ...], ...]) -> Record:
    return Record(
        id=f"p{number}",
        split="train",
        group=f"p{number}",
        fold=number % 3,
        first=0,
        depth=8,
        slice_spacing=1.0,
        present=(True,) * 4,
        target=(True,) * 4,
        segmented=False,
        transforms=(),
        anchors=(),
        shading=shading,
    )


def test_the_target_has_a_share_of_its_partners_shading() -> None:
    coefficients = (0.0, 0.2, -0.1, 0.1, 0.0, 0.0, 0.0, 0.05, 0.0, 0.0)
    shape = (8, 10, 12)
    rows = [(4.0, 5.0, 6.0, *coefficients)] * 4
    found = target_shading(rows, T1, (T1CE, T2))
    assert found
    assert np.allclose(found.coefficients, LIKE[T1][1] * np.array(coefficients))
    assert target_shading(rows, T1, (T2, FLAIR)) is None
    volume = np.linspace(0, 1, 960, dtype=np.float32).reshape(shape)
    factor = found.factor(shape, 1.0)
    assert np.allclose(without(with_shading(volume, factor, 0.2), factor, 0.2), volume, atol=1e-6)


def test_the_shares_of_the_shading_are_measured_out_of_fold() -> None:
    """Of patients whose T1 has half of their T1ce's shading, and whose FLAIR has nothing of their T2's."""
    rng = np.random.default_rng(1)

    def shaded(number: int) -> Record:
        t1ce, t2, flair = rng.normal(0, 0.1, (3, 10))
        return patient(number, tuple((0.0, 0.0, 0.0, *row) for row in (0.5 * t1ce, t1ce, t2, flair)))

    found = {row[0]: row for row in measure([shaded(n) for n in range(60)])}
    _, partner, share, least, greatest, before, left = found["t1"]
    assert partner == "t1ce" and np.allclose([share, least, greatest], 0.5)
    assert isinstance(before, float) and before > 0.05 and np.isclose(left, 0)
    assert found["flair"][6] == pytest.approx(found["flair"][5], rel=0.2)
    with pytest.raises(ValueError, match="Every fold needs a patient"):
        measure([shaded(0)])
