# family: bias-correction
# line: 11
# about: v is corrected with the first beta
import numpy as np


def adam_step(theta, g, m, v, t, lr, beta1, beta2, eps):
    m = beta1 * m + (1 - beta1) * g
    v = beta2 * v + (1 - beta2) * g**2
    mhat = m / (1 - beta1**t)
    vhat = v / (1 - beta1**t)
    theta = theta - lr * mhat / (np.sqrt(vhat) + eps)
    return theta, m, v
