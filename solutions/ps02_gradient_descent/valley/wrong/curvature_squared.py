# family: algebra
# line: 9
# about: squares the product, so the curvature is squared as well
import numpy as np


def valley(w, h):
    grad = np.multiply(h, w)
    loss = 0.5 * np.sum(grad**2)
    return loss, grad
