"""Networks that segment a region of the body, one folder each."""
