# family: newton
# line: 11
# about: no guard: divides by the curvature even where it is zero
import numpy as np


def newton_step(df, d2f, x):
    """One iteration of Newton's method for optimisation."""
    f_prime = df(x)
    f_double_prime = d2f(x)
    x_next = x - f_prime / f_double_prime
    return x_next
