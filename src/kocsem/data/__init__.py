"""Answers: reading, coding, screening and describing them."""
