# family: dtype
# line: 12
# about: integer division makes the scale factor zero
import numpy as np


def clip_by_global_norm(grads, max_norm):
    flat = np.hstack([g.flatten() for g in grads])
    norm = np.linalg.norm(flat)
    if norm <= max_norm:
        return grads, norm
    factor = max_norm // norm
    return [g * factor for g in grads], norm
