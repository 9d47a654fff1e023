# family: bias-correction
# line: 10
# about: the first correction divides by 1 - beta1 and not by 1 - beta1^t
import numpy as np


def adam_step(theta, g, m, v, t, lr, beta1, beta2, eps):
    m = beta1 * m + (1 - beta1) * g
    v = beta2 * v + (1 - beta2) * np.square(g)
    mhat = m / (1 - beta1)
    vhat = v / (1 - beta2**t)
    theta = theta - lr * mhat / (np.sqrt(vhat) + eps)
    return theta, m, v
