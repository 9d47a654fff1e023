import numpy as np


def adamw_step(theta, g, m, v, t, lr, beta1, beta2, eps, wd):
    uj, m2, v2 = theta.copy(), m.copy(), v.copy()
    for i in np.ndindex(*theta.shape):
        m2[i] = beta1 * m[i] + (1 - beta1) * g[i]
        v2[i] = beta2 * v[i] + (1 - beta2) * g[i] ** 2
        mk = m2[i] / (1 - beta1**t)
        vk = v2[i] / (1 - beta2**t)
        # súlycsökkentés: a régi súlyból, az Adam-lépéstől külön
        uj[i] = theta[i] - lr * wd * theta[i] - lr * mk / (vk**0.5 + eps)
    return uj, m2, v2
