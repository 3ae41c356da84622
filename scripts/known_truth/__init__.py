"""What `simulation.py` is made of: a population, analyses, summaries, tables."""
