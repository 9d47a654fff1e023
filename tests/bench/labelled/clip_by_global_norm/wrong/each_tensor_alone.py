# family: norm
# line: 15
# about: each tensor is scaled by its own norm and not by the norm of all
import numpy as np


def global_norm(grads):
    return np.sqrt(sum(np.sum(np.square(g)) for g in grads))


def clip_by_global_norm(grads, max_norm):
    norm = global_norm(grads)
    out = []
    for g in grads:
        scale = min(1.0, max_norm / (np.linalg.norm(g) + 1e-12))
        out.append(g * scale)
    return out, norm
