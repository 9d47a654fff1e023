import numpy as np


def momentum_sgd(grad_f, x0, lr, beta, steps):
    p = x0
    buf = None
    for _ in range(steps):
        d_p = grad_f(p)
        if buf is None:
            buf = d_p
        else:
            buf = beta * buf + d_p
        p = p - lr * buf
    return p
