# family: norm
# line: 11
# about: each entry is clipped by value, which turns the direction
import numpy as np


def clip_by_global_norm(grads, max_norm):
    norm = np.sqrt(sum(np.sum(g**2) for g in grads))
    if norm <= max_norm:
        return grads, norm
    limited = [np.clip(g, -max_norm, max_norm) for g in grads]
    return limited, norm
