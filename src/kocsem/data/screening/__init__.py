"""Answer sheets that cannot be used: the rules, and who stays."""
