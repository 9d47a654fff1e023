# family: moment
# line: 8
# about: the gradient's inner product with itself is one number for all coordinates
import numpy as np


def adam_step(theta, g, m, v, t, lr, beta1, beta2, eps):
    g_squared = np.vdot(g, g)
    m = beta1 * m + (1 - beta1) * g
    v = beta2 * v + (1 - beta2) * g_squared
    m_hat = m / (1 - np.power(beta1, t))
    v_hat = v / (1 - np.power(beta2, t))
    return theta - lr * m_hat / (np.sqrt(v_hat) + eps), m, v
