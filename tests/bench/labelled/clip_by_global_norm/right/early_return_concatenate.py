import numpy as np


def clip_by_global_norm(grads, max_norm):
    flat = np.concatenate([np.ravel(g) for g in grads])
    total = float(np.linalg.norm(flat))
    if total <= max_norm:
        return grads, total
    return [g * (max_norm / total) for g in grads], total
