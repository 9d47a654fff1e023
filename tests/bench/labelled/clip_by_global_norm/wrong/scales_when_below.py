# family: comparison
# line: 9
# about: gradients are scaled where the norm is below the limit, not above it
import numpy as np


def clip_by_global_norm(grads, max_norm):
    norma = np.sqrt(np.sum([np.einsum("i,i->", g.ravel(), g.ravel()) for g in grads]))
    factor = np.where(norma < max_norm, max_norm / (norma + 1e-12), 1.0)
    return [factor * g for g in grads], norma
