# family: clamp
# line: 11
# about: divides by the norm before asking whether it is zero
import math

import numpy as np


def clip_by_global_norm(grads, max_norm):
    norm = math.sqrt(sum(float(np.vdot(g, g)) for g in grads))
    ratio = max_norm / norm
    return [g * min(ratio, 1.0) for g in grads], norm
