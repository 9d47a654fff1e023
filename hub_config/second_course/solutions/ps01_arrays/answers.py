"""Answers of the first set."""

from autograder.model import Numeric

last_entry = Numeric(points=1, value=60.0 - (10.0 + 20.0 + 60.0) / 3, rtol=1e-6, atol=0.0)
