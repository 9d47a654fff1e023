# family: bias-correction
# line: 9
# about: a bias correction for t = 1 is applied, which RMSprop does not have
import numpy as np


def rmsprop_step(theta, g, v, lr, rho, eps):
    v = rho * v + (1 - rho) * np.square(g)
    v_hat = v / (1 - rho)
    return theta - lr * g / (np.sqrt(v_hat) + eps), v
