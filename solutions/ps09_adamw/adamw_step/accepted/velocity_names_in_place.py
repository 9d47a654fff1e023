import numpy as np


def adamw_step(theta, g, m, v, t, lr, beta1, beta2, eps, wd):
    # v: first moment here, s: second moment
    w, v, s = theta.copy(), m.copy(), v.copy()
    v *= beta1
    v += g * (1 - beta1)
    s *= beta2
    s += g * g * (1 - beta2)
    old = w.copy()
    w -= lr * (v / (1 - beta1**t)) / (eps + np.sqrt(s / (1 - beta2**t)))
    w -= lr * wd * old
    return [w, v, s]
