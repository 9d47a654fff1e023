# family: algebra
# line: 9
# about: tries eleven weights of its own and never the given one
import numpy as np


def is_convex_on_chord(f, x1, x2, lam):
    checks = []
    for w in np.linspace(0, 1, 11):
        p = w * x1 + (1 - w) * x2
        checks.append(f(p) <= w * f(x1) + (1 - w) * f(x2) + 1e-12)
    return all(checks)
