# family: sign
# line: 12
# about: the look-ahead point lies behind: minus beta v where v already points downhill
import numpy as np


def nesterov(grad_f, x0, lr, beta, steps):
    params = np.copy(x0)
    velocity = np.zeros_like(params, dtype=float)
    for step in range(steps):
        # gradient at the approximate next position
        grads = grad_f(params - beta * velocity)
        velocity = beta * velocity - lr * grads
        params = params + velocity
    return params
