# family: bias-correction
# line: 9
# about: RMSprop has no bias correction
import numpy as np


def rmsprop_step(theta, g, v, lr, rho, eps):
    v = rho * v + (1 - rho) * g**2
    v_hat = v / (1 - rho)
    theta = theta - lr * g / (np.sqrt(v_hat) + eps)
    return theta, v
