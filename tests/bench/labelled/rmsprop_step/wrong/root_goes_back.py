# family: return
# line: 10
# about: the root comes back in place of the mean square itself
import numpy as np


def rmsprop_step(theta, g, v, lr, rho, eps):
    ms = rho * v + (1 - rho) * g**2
    rms = np.sqrt(ms)
    return theta - lr * g / (rms + eps), rms
