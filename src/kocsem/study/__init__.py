"""A study file to a plan to one analysis."""
