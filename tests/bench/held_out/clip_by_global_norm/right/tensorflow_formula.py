import numpy as np


def clip_by_global_norm(grads, max_norm):
    norm = np.linalg.norm(np.concatenate([np.ravel(g) for g in grads]))
    # as in tf.clip_by_global_norm: t * clip_norm / max(global_norm, clip_norm)
    return [g * max_norm / max(norm, max_norm) for g in grads], float(norm)
