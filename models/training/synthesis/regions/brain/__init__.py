"""Training, export and evaluation of the brain-extraction network.

Volumes are [Z, H, W]: slices from foot to head, rows from front to back, columns from the patient's right
to the left, on a grid of 2 mm cubes along the axes of the acquisition.
"""

SPACING = 2.0
"""Edge of the voxels, mm."""
