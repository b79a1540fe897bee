"""Shared by all methods: the training loop, predictions and their scores."""
