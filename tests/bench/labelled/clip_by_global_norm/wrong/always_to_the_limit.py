# family: clamp
# line: 9
# about: gradients below the limit are blown up to it
import numpy as np


def clip_by_global_norm(grads, max_norm):
    norm = np.linalg.norm(np.hstack([g.reshape(-1) for g in grads]))
    ratio = max_norm / (norm + 1e-12)
    return [ratio * g for g in grads], norm
