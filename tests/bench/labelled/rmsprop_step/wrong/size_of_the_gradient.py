# family: abs
# line: 12
# about: the gradient loses its sign in the step
import numpy as np


def rms(mean_square):
    return np.sqrt(mean_square)


def rmsprop_step(theta, g, v, lr, rho, eps):
    magnitude = np.abs(g)
    v = rho * v + (1 - rho) * magnitude**2
    return theta - (lr / (rms(v) + eps)) * magnitude, v
