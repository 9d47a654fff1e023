# family: return
# line: 15
# about: the norm after clipping is returned and not the one before
import numpy as np


def global_norm(arrays):
    return float(np.sqrt(sum(np.sum(a * a) for a in arrays)))


def clip_by_global_norm(grads, max_norm):
    norm = global_norm(grads)
    scale = min(1.0, max_norm / max(norm, 1e-12))
    clipped = [g * scale for g in grads]
    return clipped, global_norm(clipped)
