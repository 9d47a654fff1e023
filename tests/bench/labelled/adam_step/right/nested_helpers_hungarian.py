import numpy as np


def adam_step(theta, g, m, v, t, lr, beta1, beta2, eps):
    def mozgoatlag(regi, uj, beta):
        return beta * regi + (1 - beta) * uj

    def torzitatlan(atlag, beta):
        return atlag / (1 - beta**t)

    m_uj = mozgoatlag(m, g, beta1)
    v_uj = mozgoatlag(v, g * g, beta2)
    lepes = lr * torzitatlan(m_uj, beta1) / (np.sqrt(torzitatlan(v_uj, beta2)) + eps)
    return theta - lepes, m_uj, v_uj
