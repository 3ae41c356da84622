"""Answers with holes: patterns, likelihoods, saturated moments, full information."""
