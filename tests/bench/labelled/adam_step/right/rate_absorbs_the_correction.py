from math import sqrt

import numpy as np


def adam_step(theta, g, m, v, t, lr, beta1, beta2, eps):
    # section 2 of the paper: move both corrections into the rate (and one into eps)
    c1, c2 = 1 - beta1**t, 1 - beta2**t
    alpha_t = lr * sqrt(c2) / c1
    m = m + (1 - beta1) * (g - m)
    v = v + (1 - beta2) * (g * g - v)
    return theta - alpha_t * m / (np.sqrt(v) + sqrt(c2) * eps), m, v
