# family: clamp
# line: 11
# about: no upper bound on the factor, so small gradients grow
import math

import numpy as np


def clip_by_global_norm(grads, max_norm):
    norm = math.sqrt(sum(float(np.sum(g * g)) for g in grads))
    scale = max_norm / (norm + 1e-12)
    return [scale * g for g in grads], norm
