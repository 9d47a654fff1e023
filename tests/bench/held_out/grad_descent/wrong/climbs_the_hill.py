# family: sign
# line: 11
# about: adds the gradient, so the iterate climbs
import numpy as np


def grad_descent(grad_f, x0, lr, steps):
    w = np.copy(x0) * 1.0
    for epoch in range(steps):
        dw = grad_f(w)
        w = w + lr * dw
    return w
