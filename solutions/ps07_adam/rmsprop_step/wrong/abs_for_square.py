# family: moment
# line: 9
# about: averages the absolute value of the gradient, not its square
import numpy as np


def rmsprop_step(theta, g, v, lr, rho, eps):
    v_new = v * rho
    v_new += (1 - rho) * np.abs(g)
    return theta - (lr / (np.sqrt(v_new) + eps)) * g, v_new
