# family: eps
# line: 16
# about: eps is added under the root
from math import sqrt

import numpy as np


def adam_step(theta, g, m, v, t, lr, beta1, beta2, eps):
    out = np.zeros_like(theta)
    m1 = beta1 * m + (1 - beta1) * g
    v1 = beta2 * v + (1 - beta2) * g**2
    for i, _ in np.ndenumerate(theta):
        mh = m1[i] / (1 - beta1**t)
        vh = v1[i] / (1 - beta2**t)
        out[i] = theta[i] - lr * mh / sqrt(vh + eps)
    return out, m1, v1
