# family: mutation
# line: 13
# about: the caller's gradient arrays are scaled in place
import numpy as np


def clip_by_global_norm(grads, max_norm):
    norm = np.sqrt(np.sum([np.sum(g**2) for g in grads]))
    ratio = max_norm / (norm + 1e-12)
    out = []
    for g in grads:
        if ratio < 1:
            g *= ratio
        out.append(g)
    return out, norm
