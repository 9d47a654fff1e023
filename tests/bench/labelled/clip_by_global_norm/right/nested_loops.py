import numpy as np


def clip_by_global_norm(grads, max_norm):
    total = 0.0
    for g in grads:
        for value in g.flat:
            total += value * value
    norm = total**0.5
    factor = 1.0
    if norm > max_norm:
        factor = max_norm / norm
    clipped = []
    i = 0
    while i < len(grads):
        clipped.append(np.array(grads[i]) * factor)
        i += 1
    return clipped, norm
