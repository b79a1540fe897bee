"""CMDM (arXiv 2405.12223): the mean of a C-UNet, refined on several short paths of diffusion."""
