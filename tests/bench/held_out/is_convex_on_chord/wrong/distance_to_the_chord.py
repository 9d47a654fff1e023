# family: abs
# line: 10
# about: the absolute gap must be small, so a curve well below its chord is refused
import numpy as np


def is_convex_on_chord(f, x1, x2, lam):
    z = lam * x1 + (1 - lam) * x2
    diff = f(z) - (lam * f(x1) + (1 - lam) * f(x2))
    return bool(np.abs(diff) <= 1e-12)
