# family: bias-correction
# line: 11
# about: the second moment is used without bias correction
import numpy as np


def adamw_step(theta, g, m, v, t, lr, beta1, beta2, eps, wd):
    m = beta1 * m + (1 - beta1) * g
    v = beta2 * v + (1 - beta2) * np.einsum("...,...->...", g, g)
    bias1 = 1 - beta1**t
    denom = np.sqrt(v) + eps
    theta = theta - lr * wd * theta
    theta = theta - (lr / bias1) * (m / denom)
    return theta, m, v
