# family: return
# line: 14
# about: the norm after clipping comes back
import numpy as np


def l2(arrays):
    return float(np.sqrt(sum((a * a).sum() for a in arrays)))


def clip_by_global_norm(grads, max_norm):
    before = l2(grads)
    clipped = grads if before <= max_norm else [g * max_norm / before for g in grads]
    return clipped, l2(clipped)
