# family: mutation
# line: 12
# about: the arrays of the caller are scaled in place
import numpy as np


def clip_by_global_norm(grads, max_norm):
    total_norm = np.linalg.norm([np.linalg.norm(g) for g in grads])
    clip_coef = max_norm / (total_norm + 1e-12)
    if clip_coef < 1:
        for g in grads:
            g *= clip_coef
    return grads, total_norm
