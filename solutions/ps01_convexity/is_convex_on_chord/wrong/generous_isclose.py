# family: comparison
# line: 10
# about: isclose allows 1e-8 by default, so a curve slightly above its chord passes
import numpy as np


def is_convex_on_chord(f, x1, x2, lam):
    lhs = f(lam * x1 + (1 - lam) * x2)
    rhs = lam * f(x1) + (1 - lam) * f(x2)
    return bool(lhs < rhs or np.isclose(lhs, rhs))
