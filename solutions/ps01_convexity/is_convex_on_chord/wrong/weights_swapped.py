# family: algebra
# line: 8
# about: the chord weighs the two ends the other way round than the point does
import numpy as np


def is_convex_on_chord(f, x1, x2, lam):
    on_chord = np.dot([1 - lam, lam], [f(x1), f(x2)])
    on_curve = f(lam * x1 + (1 - lam) * x2)
    return bool(on_curve <= on_chord + 1e-12)
