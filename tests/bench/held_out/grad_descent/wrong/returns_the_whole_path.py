# family: return
# line: 12
# about: the list of all iterates is returned and not the last one
import numpy as np


def grad_descent(grad_f, x0, lr, steps):
    path = [x0]
    for i in range(steps):
        x_new = path[i] - lr * grad_f(path[i])
        path.append(x_new)
    return np.array(path)
