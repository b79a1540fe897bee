"""Training of networks that synthesize a missing brain MR contrast: data, methods, and the referee that
measures their downstream value."""

CONTRASTS = ("t1", "t1ce", "t2", "flair")
"""The contrasts, in the order of every array and network channel of this package."""

T1, T1CE, T2, FLAIR = range(4)

LABELS = ("none", "necrosis", "oedema", "enhancing", "ms")
"""Lesion labels by code. In partial TCGA-LGG patients `oedema` is the whole FLAIR abnormality."""

NECROSIS, OEDEMA, ENHANCING, MS = 1, 2, 3, 4

SIDE = 192
"""Voxels along every axis of a prepared patient: 1 mm isotropic, axes z (foot to head), y (anterior to
posterior), x (right to left)."""

THICK = 1.5
"""mm between slices above which neighbouring slices are not mixed and only axial planes are used."""

CEILING = 1.275
"""Largest intensity that a code can hold (`data.codes`)."""
