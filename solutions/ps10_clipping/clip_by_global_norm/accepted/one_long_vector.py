import numpy as np


def clip_by_global_norm(grads, max_norm):
    everything = np.concatenate([np.ravel(g) for g in grads])
    norm = np.linalg.norm(everything)
    if norm <= max_norm:
        return [g.copy() for g in grads], norm
    return [g / norm * max_norm for g in grads], norm
