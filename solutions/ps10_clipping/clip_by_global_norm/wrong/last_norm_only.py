# family: norm
# line: 12
# about: the sum is overwritten at each tensor instead of added to
import math

import numpy as np


def clip_by_global_norm(grads, max_norm):
    total = 0.0
    for g in grads:
        total = float(np.sum(g * g))
    norm = math.sqrt(total)
    coef = min(1.0, max_norm / (norm + 1e-12))
    return [g * coef for g in grads], norm
