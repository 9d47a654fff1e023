# family: decay
# line: 10
# about: the decay reads the weight that the sign step has already moved
import numpy as np


def lion_step(theta, g, m, lr, beta1, beta2, wd):
    w = theta.copy()
    w -= lr * np.sign(beta1 * m + (1 - beta1) * g)
    w *= 1 - lr * wd
    return w, m * beta2 + g * (1 - beta2)
