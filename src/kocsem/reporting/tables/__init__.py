"""One builder a table."""
