# family: norm
# line: 9
# about: absolute values are summed instead of squares
import numpy as np


def clip_by_global_norm(grads, max_norm):
    flat = np.hstack([g.reshape(-1) for g in grads])
    norm = np.linalg.norm(flat, ord=1)
    return [g * min(1.0, max_norm / max(norm, 1e-12)) for g in grads], norm
