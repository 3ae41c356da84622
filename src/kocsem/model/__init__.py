"""Model text or instrument to parameter table to matrix layout."""
