import numpy as np


def adamw_step(theta, g, m, v, t, lr, beta1, beta2, eps, wd):
    # remember the old weights because the decay needs them
    old_theta = theta.copy()

    # first moment
    new_m = np.multiply(beta1, m) + np.multiply(1 - beta1, g)
    # second moment
    new_v = np.multiply(beta2, v) + np.multiply(1 - beta2, np.power(g, 2))

    # corrections
    m_hat = np.divide(new_m, 1 - beta1**t)
    v_hat = np.divide(new_v, 1 - beta2**t)

    # adam part
    new_theta = old_theta - lr * np.divide(m_hat, np.sqrt(v_hat) + eps)
    # weight decay part
    new_theta -= lr * wd * old_theta
    return new_theta, new_m, new_v
