# family: bias-correction
# line: 14
# about: the second moment is corrected with beta1
import math

import numpy as np


def adamw_step(theta, g, m, v, t, lr, beta1, beta2, eps, wd):
    out, ms, vs = [], [], []
    for p, gi, mi, vi in zip(theta.ravel(), g.ravel(), m.ravel(), v.ravel()):
        mi = beta1 * mi + (1 - beta1) * gi
        vi = beta2 * vi + (1 - beta2) * gi**2
        vh = vi / (1 - beta1**t)
        out.append(p - lr * wd * p - lr * mi / (1 - beta1**t) / (math.sqrt(vh) + eps))
        ms.append(mi)
        vs.append(vi)
    return tuple(np.reshape(part, theta.shape) for part in (out, ms, vs))
