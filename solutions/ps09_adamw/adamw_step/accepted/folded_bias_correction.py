import numpy as np


def adamw_step(theta, g, m, v, t, lr, beta1, beta2, eps, wd):
    m_new = np.add(np.multiply(beta1, m), np.multiply(1 - beta1, g))
    v_new = np.add(np.multiply(beta2, v), np.multiply(1 - beta2, np.power(g, 2)))
    root = np.sqrt(1 - beta2**t)
    # numerator and denominator multiplied by sqrt(1 - beta2**t), so eps is scaled as well
    direction = root * m_new / ((1 - beta1**t) * (np.sqrt(v_new) + eps * root))
    return (1 - lr * wd) * theta + (-lr) * direction, m_new, v_new
