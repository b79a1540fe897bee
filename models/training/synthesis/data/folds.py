"""Three folds of cross-validation over the training patients."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping

FOLDS = 3
NO_FOLD = -1  # of a patient outside "train"


def folds_of(groups: Mapping[str, str]) -> dict[str, int]:
    """Group of each patient id (files of one person have the same) -> fold 0, 1 or 2 of each patient id

    Groups are assigned in turn, family by family, so that every fold has the same mix of data sources. The
    same patients always get the same folds; so they are those of a whole archive, not of what is prepared.
    """
    members = defaultdict(list)
    for name, group in groups.items():
        members[group].append(name)
    ordered = sorted(members, key=lambda group: (family(min(members[group])), group))
    return {name: i % FOLDS for i, group in enumerate(ordered) for name in members[group]}


def family(name: str) -> str:
    """Patient id -> its data source: the leading part, for BraTS 2018 and 2019 the site"""
    parts = name.replace("-", "_").split("_")
    if parts[0] in ("Brats18", "BraTS19"):
        return f"BraTS18_{parts[1] if parts[1].isdigit() else parts[1].rstrip('0123456789')}"
    return "_".join(parts[:2]) if parts[0] == "BraTS" else parts[0]
