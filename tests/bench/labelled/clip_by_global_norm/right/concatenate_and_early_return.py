import numpy as np


def clip_by_global_norm(grads, max_norm):
    flat = np.concatenate([np.ravel(g) for g in grads])
    norm = np.linalg.norm(flat)
    if norm <= max_norm:
        return list(grads), norm
    return [max_norm * g / norm for g in grads], norm
