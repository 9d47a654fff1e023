# family: algebra
# line: 12
# about: the chord gives x1 the weight of x2 and the reverse
import numpy as np


def is_convex_on_chord(f, x1, x2, lam):
    theta = np.array([lam, 1 - lam])
    x = np.array([x1, x2])
    fx = np.array([f(x1), f(x2)])
    inner = f(np.sum(theta * x))
    outer = np.sum(theta[::-1] * fx)
    return bool(inner <= outer + 1e-12)
