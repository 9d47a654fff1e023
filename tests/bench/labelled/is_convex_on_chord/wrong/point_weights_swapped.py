# family: algebra
# line: 8
# about: the point is weighted the other way round from the chord
import numpy as np


def point_between(x1, x2, lam):
    return x1 + lam * (x2 - x1)


def is_convex_on_chord(f, x1, x2, lam):
    chord = lam * f(x1) + (1 - lam) * f(x2)
    curve = f(point_between(x1, x2, lam))
    return bool(np.all(curve <= chord + 1e-12))
