"""Questionnaires and codebooks, one platform or format a module."""
