import numpy as np


def grad_descent(grad_f, x0, lr, steps):
    path = [x0]
    for k in range(steps):
        slope = grad_f(path[k])
        path.append(np.subtract(path[k], np.multiply(lr, slope)))
    return path[-1]
