import math

import numpy as np


def _scaled(arrays, factor):
    for a in arrays:
        yield factor * a


def clip_by_global_norm(grads, max_norm):
    norm = math.sqrt(math.fsum(np.vdot(g, g) for g in grads))
    factor = 1.0 if norm <= max_norm else max_norm / norm
    return list(_scaled(grads, factor)), norm
