# family: decay
# line: 10
# about: the decay pulls by a constant, with the weight's sign alone, as an L1 penalty does
import numpy as np


def adamw_step(theta, g, m, v, t, lr, beta1, beta2, eps, wd):
    m = beta1 * m + (1 - beta1) * g
    v = beta2 * v + (1 - beta2) * g**2
    pull = wd * np.sign(theta)
    step = (m / (1 - beta1**t)) / (np.sqrt(v / (1 - beta2**t)) + eps)
    theta = theta - lr * (step + pull)
    return theta, m, v
