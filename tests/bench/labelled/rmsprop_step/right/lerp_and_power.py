import numpy as np


def lerp(old, new, weight):
    return old + weight * (new - old)


def rmsprop_step(theta, g, v, lr, rho, eps):
    v = lerp(v, np.square(g), 1 - rho)
    scale = lr * (v**0.5 + eps) ** -1
    return theta - scale * g, v
