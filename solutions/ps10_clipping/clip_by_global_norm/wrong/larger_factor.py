# family: clamp
# line: 9
# about: max for min: gradients above the limit stay and small ones grow
import numpy as np


def clip_by_global_norm(grads, max_norm):
    norm = float(np.sqrt(np.sum([np.sum(g**2) for g in grads])))
    scale = max(1.0, max_norm / (norm + 1e-12))
    return [g * scale for g in grads], norm
