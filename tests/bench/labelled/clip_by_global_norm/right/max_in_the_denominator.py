import math

import numpy as np


def clip_by_global_norm(grads, max_norm):
    norm = math.hypot(*(math.sqrt(np.vdot(g, g)) for g in grads))
    return [g * (max_norm / max(norm, max_norm)) for g in grads], norm
