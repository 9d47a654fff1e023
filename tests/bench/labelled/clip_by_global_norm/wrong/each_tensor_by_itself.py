# family: norm
# line: 11
# about: every tensor is scaled by its own norm, not by the global one
import numpy as np


def clip_by_global_norm(grads, max_norm):
    global_norm = np.sqrt(sum(np.sum(np.square(g)) for g in grads))
    result = []
    for g in grads:
        own = np.linalg.norm(g)
        if own > max_norm:
            result.append(g * max_norm / own)
        else:
            result.append(g)
    return result, global_norm
