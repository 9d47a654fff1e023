# family: moment
# line: 8
# about: the step divides by the average from before this gradient
import numpy as np


def rmsprop_step(theta, g, v, lr, rho, eps):
    theta_next = theta - lr * g / (np.sqrt(v) + eps)
    v_next = rho * v + (1 - rho) * g**2
    return theta_next, v_next
