# family: sign
# line: 19
# about: each entry moves along its gradient instead of against it
import math

import numpy as np


def adam_step(theta, g, m, v, t, lr, beta1, beta2, eps):
    w = np.array(theta).ravel()
    mm = np.array(m).ravel()
    vv = np.array(v).ravel()
    gg = g.ravel()
    for j in range(len(w)):
        mm[j] = beta1 * mm[j] + (1 - beta1) * gg[j]
        vv[j] = beta2 * vv[j] + (1 - beta2) * gg[j] * gg[j]
        top = mm[j] / (1 - math.pow(beta1, t))
        bottom = math.sqrt(vv[j] / (1 - math.pow(beta2, t))) + eps
        w[j] += lr * top / bottom
    s = theta.shape
    return w.reshape(s), mm.reshape(s), vv.reshape(s)
