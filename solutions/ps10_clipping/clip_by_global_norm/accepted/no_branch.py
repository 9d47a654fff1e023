import numpy as np


def clip_by_global_norm(grads, max_norm):
    norm = np.sqrt(np.sum([np.vdot(g, g) for g in grads]))
    return [max_norm / max(norm, max_norm) * g for g in grads], norm
