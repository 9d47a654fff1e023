# family: moment
# line: 12
# about: the gradient itself is averaged and not its square
import numpy as np


def ema(avg, value, rho):
    return rho * avg + (1 - rho) * value


def rmsprop_step(theta, g, v, lr, rho, eps):
    v_new = ema(v, np.abs(g), rho)
    theta_new = theta - lr * g / (np.sqrt(v_new) + eps)
    return theta_new, v_new
