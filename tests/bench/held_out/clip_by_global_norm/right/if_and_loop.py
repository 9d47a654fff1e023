import numpy as np


def clip_by_global_norm(grads, max_norm):
    sum_sq = 0
    for grad in grads:
        sum_sq += (grad * grad).sum()
    global_norm = np.sqrt(sum_sq)

    clipped = []
    for grad in grads:
        if global_norm > max_norm:
            clipped.append(grad * (max_norm / global_norm))
        else:
            clipped.append(grad.copy())
    return clipped, global_norm
