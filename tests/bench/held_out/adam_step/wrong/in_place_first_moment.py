# family: mutation
# line: 8
# about: the caller's first moment is scaled in place
import numpy as np


def adam_step(theta, g, m, v, t, lr, beta1, beta2, eps):
    m *= beta1
    m = m + (1 - beta1) * g
    v = beta2 * v + (1 - beta2) * g**2
    step = (m / (1 - beta1**t)) / (np.sqrt(v / (1 - beta2**t)) + eps)
    return theta - lr * step, m, v
