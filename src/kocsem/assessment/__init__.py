"""Judgements on a fit: reliability, validity, hypotheses, effects, criteria."""
