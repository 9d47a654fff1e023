# family: decay
# line: 13
# about: the decay reads the weight after the Adam step
import numpy as np


def adamw_step(theta, g, m, v, t, lr, beta1, beta2, eps, wd):
    m_next = beta1 * m + (1 - beta1) * g
    v_next = beta2 * v + (1 - beta2) * np.square(g)
    mh = m_next / (1 - beta1**t)
    vh = v_next / (1 - beta2**t)
    stepped = theta - lr * mh / (np.sqrt(vh) + eps)
    decayed = stepped - lr * wd * stepped
    return decayed, m_next, v_next
