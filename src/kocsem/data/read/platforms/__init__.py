"""The survey platforms, one a module: which column of a file holds what."""
