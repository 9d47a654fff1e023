# family: algebra
# line: 8
# about: the loss comes out twice as large, one half is missing
import numpy as np


def valley(w, h):
    loss = np.sum(h * w**2)
    grad = h * w
    return loss, grad
