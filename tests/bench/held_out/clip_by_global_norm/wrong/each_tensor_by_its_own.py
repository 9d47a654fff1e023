# family: norm
# line: 11
# about: each tensor is scaled by its own norm and not by the norm of all
import numpy as np


def clip_by_global_norm(grads, max_norm):
    total = np.sqrt(sum(np.sum(np.square(g)) for g in grads))
    result = []
    for g in grads:
        scale = min(1.0, max_norm / (np.linalg.norm(g) + 1e-12))
        result.append(g * scale)
    return result, total
