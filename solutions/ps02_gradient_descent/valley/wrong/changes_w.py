# family: mutation
# line: 9
# about: multiplies into the caller's w
import numpy as np


def valley(w, h):
    loss = 0.5 * np.dot(h, w**2)
    w *= h
    return loss, w
