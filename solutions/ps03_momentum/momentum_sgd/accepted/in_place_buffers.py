import numpy as np


def momentum_sgd(grad_f, x0, lr, beta, steps):
    params = np.atleast_1d(np.array(x0, dtype=np.float64))
    velocity = np.zeros(params.shape)
    scalar = np.ndim(x0) == 0
    for _ in range(steps):
        g = grad_f(params[0]) if scalar else grad_f(params)
        velocity *= beta
        velocity += g
        params -= lr * velocity
    return float(params[0]) if scalar else params
