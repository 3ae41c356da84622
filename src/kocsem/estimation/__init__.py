"""The pipeline behind sem() and cfa(), and the engines it can use."""
