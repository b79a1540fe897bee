"""The referee: a segmentation network that never enters a loss, and judges what a synthetic contrast is
worth to a reader."""
