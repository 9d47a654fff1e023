# family: norm
# line: 10
# about: the norms of the tensors are added, where their squares should be
import numpy as np


def clip_by_global_norm(grads, max_norm):
    norm = 0.0
    for g in grads:
        norm += np.linalg.norm(g)
    if norm > max_norm:
        return [g * max_norm / norm for g in grads], norm
    return list(grads), norm
