"""Training, export and evaluation of Cross-conditioned Diffusion Model (CDM, arXiv 2409.08500) bundles."""

from .... import CONTRASTS as CONTRASTS

CEILING = 1.27
"""Largest normalized intensity. 0 and 1 are the 0.5 and 99.5 percentiles in the brain."""

NEIGHBOURS = 1
"""Slices on each side of a slice that a network sees of every contrast."""
