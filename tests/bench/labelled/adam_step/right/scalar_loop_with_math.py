from math import pow, sqrt

import numpy as np


def adam_scalar(w, grad, m, v, t, lr, b1, b2, eps):
    m += (1 - b1) * (grad - m)
    v += (1 - b2) * (grad * grad - v)
    mh = m / (1 - pow(b1, t))
    vh = v / (1 - pow(b2, t))
    return w - lr * mh / (sqrt(vh) + eps), m, v


def adam_step(theta, g, m, v, t, lr, beta1, beta2, eps):
    triples = [
        adam_scalar(w, gi, mi, vi, t, lr, beta1, beta2, eps)
        for w, gi, mi, vi in zip(theta.flat, g.flat, m.flat, v.flat)
    ]
    w, mm, vv = (np.array(col).reshape(theta.shape) for col in zip(*triples))
    return w, mm, vv
