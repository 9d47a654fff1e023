import numpy as np


def solve_constrained(a, b, c):
    shares = 1.0 / np.array([a, b])
    return (c * shares / shares.sum()).tolist()
