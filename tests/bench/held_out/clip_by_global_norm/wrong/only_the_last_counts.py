# family: norm
# line: 10
# about: the sum of squares is overwritten by each tensor and not summed up
import numpy as np


def clip_by_global_norm(grads, max_norm):
    total = 0.0
    for g in grads:
        total = np.sum(g**2)
    norm = np.sqrt(total)
    coef = max_norm / (norm + 1e-8)
    if coef < 1:
        return [g * coef for g in grads], norm
    return list(grads), norm
