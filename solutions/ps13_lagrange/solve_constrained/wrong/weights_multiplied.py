# family: algebra
# line: 8
# about: divides by a b instead of by a + b
import numpy as np


def solve_constrained(a, b, c):
    return np.array([b, a]) * c / (a * b)
