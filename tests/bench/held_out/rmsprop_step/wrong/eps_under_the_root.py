# family: eps
# line: 9
# about: eps is added under the root
import numpy as np


def rmsprop_step(theta, g, v, lr, rho, eps):
    v_new = rho * v + (1 - rho) * g**2
    theta_new = theta - lr * g / np.sqrt(v_new + eps)
    return theta_new, v_new
