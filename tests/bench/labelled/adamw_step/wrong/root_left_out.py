# family: moment
# line: 13
# about: the second moment divides without its root
import numpy as np


def adamw_step(theta, g, m, v, t, lr, beta1, beta2, eps, wd):
    def glaette(alt, neu, beta):
        return beta * alt + (1 - beta) * neu

    m, v = glaette(m, g, beta1), glaette(v, g * g, beta2)
    m_dach, v_dach = (wert / (1 - beta**t) for wert, beta in ((m, beta1), (v, beta2)))
    richtung = m_dach / (v_dach + eps)
    return theta * (1 - lr * wd) - lr * richtung, m, v
