"""A raw export in, answers coded as in an instrument out."""
