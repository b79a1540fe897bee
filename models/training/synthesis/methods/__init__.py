"""Methods of synthesis, one folder each."""
