# family: algebra
# line: 9
# about: the step divides by the average from before this gradient
import numpy as np


def rmsprop_step(theta, g, v, lr, rho, eps):
    v_t = rho * v + (1 - rho) * (g * g)
    denom = np.sqrt(v) + eps
    theta_t = theta - lr * g / denom
    return theta_t, v_t
