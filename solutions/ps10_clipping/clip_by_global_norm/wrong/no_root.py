# family: norm
# line: 8
# about: the sum of squares is taken for the norm
import numpy as np


def clip_by_global_norm(grads, max_norm):
    norm = float(sum((g**2).sum() for g in grads))
    if norm > max_norm:
        return [g * (max_norm / norm) for g in grads], norm
    return list(grads), norm
