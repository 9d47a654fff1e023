from functools import reduce

import numpy as np


def clip_by_global_norm(grads, max_norm):
    squares = reduce(lambda acc, g: acc + np.vdot(g, g), grads, 0.0)
    norm = np.sqrt(squares)
    clipped = [np.array(g, dtype=float, copy=True) for g in grads]
    if norm > max_norm:
        for c in clipped:
            c /= norm
            c *= max_norm
    return clipped, norm
