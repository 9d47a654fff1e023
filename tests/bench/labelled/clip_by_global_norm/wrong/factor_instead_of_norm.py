# family: return
# line: 14
# about: the factor is returned where the norm before clipping belongs
import numpy as np


def l2(arrays):
    return np.sqrt(sum(float((a**2).sum()) for a in arrays))


def clip_by_global_norm(grads, max_norm):
    norm = l2(grads)
    factor = min(1.0, max_norm / (norm + 1e-12))
    return [a * factor for a in grads], factor
