# family: dtype
# line: 8
# about: an integer array cuts the fractions off
import numpy as np


def solve_constrained(a, b, c):
    answer = np.zeros(2, dtype=int)
    answer[0] = b * c / (a + b)
    answer[1] = a * c / (a + b)
    return answer
