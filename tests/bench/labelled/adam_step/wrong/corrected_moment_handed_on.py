# family: return
# line: 11
# about: the corrected first moment is returned, so it is corrected again next time
import numpy as np


def adam_step(theta, g, m, v, t, lr, beta1, beta2, eps):
    m = beta1 * m + (1 - beta1) * g
    v = beta2 * v + (1 - beta2) * np.multiply(g, g)
    mh, vh = m / (1 - beta1 ** t), v / (1 - beta2 ** t)
    return theta - lr * mh / (vh ** .5 + eps), mh, v
