"""From a start to an optimum of a discrepancy."""
