# family: moment
# line: 13
# about: v averages the square of m and not of the gradient
import numpy as np


def moving(old, new, beta):
    return beta * old + (1 - beta) * new


def adam_step(theta, g, m, v, t, lr, beta1, beta2, eps):
    m = moving(m, g, beta1)
    v = moving(v, m**2, beta2)
    mc = m / (1 - beta1**t)
    vc = v / (1 - beta2**t)
    return theta - lr * mc / (np.sqrt(vc) + eps), m, v
