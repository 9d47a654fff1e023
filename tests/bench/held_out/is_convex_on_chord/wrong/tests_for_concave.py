# family: comparison
# line: 12
# about: greater-or-equal for less-or-equal: this is the test for a concave function
import numpy as np


def is_convex_on_chord(f, x1, x2, lam):
    """Return True iff f(lam*x1 + (1-lam)*x2) is below the chord."""
    point = lam * x1 + (1 - lam) * x2
    f_point = f(point)
    f_chord = lam * f(x1) + (1 - lam) * f(x2)
    return bool(f_point >= f_chord + 1e-12)
