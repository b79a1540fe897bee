"""What every method shares: the training loop, what a prediction is, how it is scored."""
