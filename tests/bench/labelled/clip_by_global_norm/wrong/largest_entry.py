# family: norm
# line: 8
# about: the largest entry is not the norm
import numpy as np


def clip_by_global_norm(grads, max_norm):
    norm = max(np.abs(g).max() for g in grads)
    scale = 1.0 if norm <= max_norm else max_norm / norm
    return [np.multiply(g, scale) for g in grads], norm
