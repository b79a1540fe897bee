"""What every method shares: the training loop and the metrics."""
