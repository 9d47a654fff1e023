# family: abs
# line: 10
# about: the gradient's sign is lost, so theta only ever falls
import numpy as np


def rmsprop_step(theta, g, v, lr, rho, eps):
    size = np.abs(g)
    v = rho * v + (1 - rho) * size**2
    theta = theta - lr * size / (np.sqrt(v) + eps)
    return theta, v
