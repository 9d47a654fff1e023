# family: algebra
# line: 8
# about: the curvature is missing from the gradient
import numpy as np


def valley(w, h):
    return float(h @ (w * w)) / 2, np.array(w)
