# family: comparison
# line: 12
# about: scales where the norm is below the limit and lets large gradients through
import math

import numpy as np


def clip_by_global_norm(grads, max_norm):
    """Rescale gradients so that their joint norm is at most max_norm."""
    norm = math.sqrt(sum(float(np.dot(g.ravel(), g.ravel())) for g in grads))
    if norm < max_norm:
        rate = max_norm / (norm + 1e-12)
        return [g * rate for g in grads], norm
    return grads, norm
