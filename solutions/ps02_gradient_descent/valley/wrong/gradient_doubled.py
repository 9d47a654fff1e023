# family: algebra
# line: 9
# about: differentiates w**2 and forgets the one half in front
import numpy as np


def valley(w, h):
    loss = (h * w * w).sum() / 2
    return loss, 2 * h * w
