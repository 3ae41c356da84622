"""Many samples of the same rows: drawing them, fitting them, intervals."""
