# family: comparison
# line: 10
# about: scales just where there is nothing to clip
import numpy as np


def clip_by_global_norm(grads, max_norm):
    norm = np.sqrt(np.sum([np.sum(g**2) for g in grads]))
    factor = 1.0
    if 0 < norm < max_norm:
        factor = max_norm / norm
    return [g * factor for g in grads], norm
