"""Which inputs a bundle's patients have: the field `input_distribution` of its manifest, by which the
preflight tells unusual inputs (docs/doubt.md)."""
