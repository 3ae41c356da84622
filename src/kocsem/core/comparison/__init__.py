"""Two models of the same moments: difference tests, score tests, nesting."""
