import numpy as np


def adam_step(theta, g, m, v, t, lr, beta1, beta2, eps):
    # both moments at once
    shape = (2,) + (1,) * np.ndim(g)
    betas = np.array([beta1, beta2]).reshape(shape)
    old = np.stack([m, v])
    new = betas * old + (1 - betas) * np.stack([g, g**2])
    m_hat, v_hat = new / (1 - betas**t)
    return theta - lr * m_hat / (v_hat**0.5 + eps), new[0], new[1]
