# family: norm
# line: 11
# about: each tensor is clipped by its own norm
import numpy as np


def clip_by_global_norm(grads, max_norm):
    total = np.sqrt(sum(np.sum(g**2) for g in grads))
    out = []
    for g in grads:
        norm = np.linalg.norm(g)
        out.append(g * min(1.0, max_norm / (norm + 1e-12)))
    return out, total
