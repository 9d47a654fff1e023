# family: norm
# line: 14
# about: each tensor's sum replaces the one before, so only the last counts
import math

import numpy as np


def clip_by_global_norm(grads, max_norm):
    n = len(grads)
    total = 0.0
    k = 0
    while k < n:
        total = float(np.sum(grads[k] * grads[k]))
        k += 1
    norm = math.sqrt(total)
    scale = max_norm / norm if norm > max_norm else 1.0
    out = [None] * n
    for k in range(n):
        out[k] = grads[k] * scale
    return out, norm
