# family: return
# line: 11
# about: the old average is returned, so nothing is remembered from step to step
import numpy as np


def rmsprop_step(theta, g, v, lr, rho, eps):
    v_neu = rho * v + (1 - rho) * np.power(g, 2)
    nenner = np.sqrt(v_neu) + eps
    theta_neu = theta - lr * g / nenner
    return theta_neu, v
