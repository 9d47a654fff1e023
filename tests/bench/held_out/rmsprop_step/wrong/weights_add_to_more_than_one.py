# family: sign
# line: 9
# about: the new square has the weight 1 + rho
import numpy as np


def rmsprop_step(theta, g, v, lr, rho, eps):
    grad_squared = np.square(g)
    v = rho * v + (1 + rho) * grad_squared
    theta = theta - lr * g / (eps + np.sqrt(v))
    return theta, v
