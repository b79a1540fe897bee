"""Networks that find a region of the body, one folder each."""
