# family: decay
# line: 18
# about: the decay is not scaled by the learning rate
import numpy as np


def adamw_step(theta, g, m, v, t, lr, beta1, beta2, eps, wd):
    n = theta.size
    shape = theta.shape
    th, gr = theta.reshape(n), g.reshape(n)
    m_old, v_old = m.reshape(n), v.reshape(n)
    th_new, m_new, v_new = np.empty(n), np.empty(n), np.empty(n)
    for i in range(n):
        m_new[i] = beta1 * m_old[i] + (1 - beta1) * gr[i]
        v_new[i] = beta2 * v_old[i] + (1 - beta2) * gr[i] ** 2
        mh = m_new[i] / (1 - beta1**t)
        vh = v_new[i] / (1 - beta2**t)
        decay = wd * th[i]
        th_new[i] = th[i] - lr * mh / (np.sqrt(vh) + eps) - decay
    return th_new.reshape(shape), m_new.reshape(shape), v_new.reshape(shape)
