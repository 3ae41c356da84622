"""Ordered items: thresholds, polychoric correlations, the structure behind them."""
