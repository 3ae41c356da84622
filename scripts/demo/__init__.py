"""Synthetic answers to the instruments in surveys/, drawn from known populations."""
