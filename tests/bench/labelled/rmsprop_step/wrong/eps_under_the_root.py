# family: eps
# line: 9
# about: eps stands under the root
import numpy as np


def rmsprop_step(theta, g, v, lr, rho, eps):
    v = rho * v + (1 - rho) * np.power(g, 2)
    rms = np.sqrt(v + eps)
    theta = theta - lr / rms * g
    return theta, v
