import math

import numpy as np


def global_norm(grads):
    return math.hypot(*(float(np.linalg.norm(g)) for g in grads))


def clip_by_global_norm(grads, max_norm):
    norm = global_norm(grads)
    factor = np.where(norm > max_norm, max_norm / (norm or 1.0), 1.0)
    return list(map(lambda g: factor * g, grads)), norm
