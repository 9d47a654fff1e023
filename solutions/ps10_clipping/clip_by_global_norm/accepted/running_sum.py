import math

import numpy as np


def clip_by_global_norm(grads, max_norm):
    total = 0.0
    for g in grads:
        for entry in g.flat:
            total += entry * entry
    norm = math.sqrt(total)
    result = tuple(np.array(g) for g in grads)
    if norm > max_norm:
        for g in result:
            g *= max_norm / norm
    return result, norm
