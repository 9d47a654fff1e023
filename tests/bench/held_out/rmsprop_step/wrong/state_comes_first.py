# family: return
# line: 10
# about: the pair is returned in the wrong order
import numpy as np


def rmsprop_step(theta, g, v, lr, rho, eps):
    E_g2 = rho * v + (1 - rho) * g**2
    w = theta - lr / (np.sqrt(E_g2) + eps) * g
    return E_g2, w
