import numpy as np


def rmsprop_step(theta, g, v, lr, rho, eps):
    mean_square = np.average([v, np.abs(g) ** 2], axis=0, weights=[rho, 1 - rho])
    rms = np.power(mean_square, 0.5)
    scaled = np.multiply(g, np.reciprocal(rms + eps))
    return np.subtract(theta, np.multiply(lr, scaled)), mean_square
