"""kocsem: from a KOC questionnaire to the tables of a paper."""

__version__ = "0.1.0"
