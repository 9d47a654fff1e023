# family: sign
# line: 12
# about: returns the direction of the step instead of the gradient
import numpy as np


def valley(w, h):
    loss = 0.0
    direction = []
    for wi, hi in zip(w, h):
        loss += 0.5 * hi * wi**2
        direction.append(-hi * wi)
    return loss, np.array(direction)
