# family: bias-correction
# line: 14
# about: the first moment is divided by one minus beta1, without the power t
import numpy as np


def adam_step(theta, g, m, v, t, lr, beta1, beta2, eps):
    """Adam, written out step by step."""
    # first moment
    new_m = beta1 * m + (1 - beta1) * g
    # second moment
    new_v = beta2 * v + (1 - beta2) * np.square(g)
    # bias correction
    m_corrected = new_m / (1 - beta1)
    v_corrected = new_v / (1 - beta2**t)
    # update
    denominator = np.sqrt(v_corrected) + eps
    new_theta = theta - lr * m_corrected / denominator
    return new_theta, new_m, new_v
