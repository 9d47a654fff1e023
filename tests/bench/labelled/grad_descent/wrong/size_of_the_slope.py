# family: abs
# line: 9
# about: the slope loses its sign, so the iterate can only move to the left
import numpy as np


def grad_descent(grad_f, x0, lr, steps):
    def schritt(x):
        return x - lr * np.abs(grad_f(x))

    wert = x0
    for _ in range(steps):
        wert = schritt(wert)
    return wert
