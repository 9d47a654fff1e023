# family: comparison
# line: 11
# about: isclose allows 1e-8 by default, far more than 1e-12
import numpy as np


def is_convex_on_chord(f, x1, x2, lam):
    on_f = f(lam * x1 + (1 - lam) * x2)
    on_line = lam * f(x1) + (1 - lam) * f(x2)
    below = on_f < on_line
    touching = np.isclose(on_f, on_line)
    return bool(below or touching)
