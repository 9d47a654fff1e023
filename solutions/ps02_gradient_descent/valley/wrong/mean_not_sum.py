# family: algebra
# line: 9
# about: averages over the coordinates
import numpy as np


def valley(w, h):
    terms = h * np.square(w) / 2
    return terms.mean(), h * w
