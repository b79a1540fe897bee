"""The referee: a segmentation network, in no loss, that measures the downstream value of a synthetic
contrast."""
