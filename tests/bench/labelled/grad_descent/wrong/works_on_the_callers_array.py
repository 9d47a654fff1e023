# family: mutation
# line: 11
# about: the start array is not copied, and the loop changes it
import numpy as np


def grad_descent(grad_f, x0, lr, steps):
    if np.isscalar(x0):
        w = float(x0)
    else:
        w = np.asarray(x0)
    for k in range(steps):
        w -= lr * grad_f(w)
    return w
