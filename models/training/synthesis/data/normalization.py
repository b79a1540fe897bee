"""The preparation of the patients as a bundle describes it to the engine, without labels of lesions."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from .. import CEILING
from .codes import SPREAD, WHITE_MATTER
from .nifti import PERCENTILES
from .white_matter import RIM, RULES


def normalization(
    tissue: Iterable[tuple[list[str], int]],
    quantiles: Mapping[str, Any],
    target_shading: Mapping[str, Any],
) -> dict[str, Any]:
    """tissue: roles whose white matter is found together, by the rule of a contrast; quantiles: by role, of
    the shading; target_shading: by role, what its shading is put back from -> the manifest's entry"""
    return {
        "region": "brain",
        "lower_percentile": PERCENTILES[0],
        "upper_percentile": PERCENTILES[1],
        "ceiling": CEILING,
        "anchors": {
            "tissue": [{"roles": roles, "percentiles": list(RULES[like])} for roles, like in tissue],
            "rim": RIM,
            "level": WHITE_MATTER,
            "spread": SPREAD,
            "quantiles": dict(quantiles),
            "target_shading": dict(target_shading),
        },
    }
