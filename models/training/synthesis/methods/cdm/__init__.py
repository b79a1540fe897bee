"""The Cross-conditioned Diffusion Model (arXiv 2409.08500): C-UNet, MRM and MDN."""
