# family: moment
# line: 14
# about: rho and one minus rho have changed places
import numpy as np


def rmsprop_step(theta, g, v, lr, rho, eps):
    n = theta.size
    w = theta.flatten()
    s = v.flatten()
    d = g.flatten()
    i = 0
    while i < n:
        s[i] = (1 - rho) * s[i] + rho * d[i] ** 2
        w[i] = w[i] - lr * d[i] / (np.sqrt(s[i]) + eps)
        i += 1
    return w.reshape(theta.shape), s.reshape(theta.shape)
