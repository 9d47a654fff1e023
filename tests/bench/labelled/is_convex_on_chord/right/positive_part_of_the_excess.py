import numpy as np


def is_convex_on_chord(f, x1, x2, lam):
    """The curve may stick out above the chord by rounding only."""
    eps = 1e-12
    other = 1 - lam
    middle: float = x1 * lam + x2 * other
    excess = np.maximum(f(middle) - (f(x1) * lam + f(x2) * other), 0.0)
    return bool(np.less_equal(excess, eps))
