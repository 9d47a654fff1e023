# family: norm
# line: 10
# about: multiplies by norm / max_norm
import numpy as np


def clip_by_global_norm(grads, max_norm):
    norm = np.sqrt(sum(np.sum(np.square(g)) for g in grads))
    if norm > max_norm:
        return [g * norm / max_norm for g in grads], norm
    return grads, norm
