# family: norm
# line: 8
# about: the norms are added without squaring them
import numpy as np


def clip_by_global_norm(grads, max_norm):
    norm = sum(np.linalg.norm(g) for g in grads)
    factor = min(1, max_norm / (norm + 1e-12))
    return [g * factor for g in grads], norm
