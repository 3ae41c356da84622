"""Columns of a file to questions of an instrument, and how surely."""
