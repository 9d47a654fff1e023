# family: norm
# line: 9
# about: every entry is clipped to the limit, which turns the direction
import numpy as np


def clip_by_global_norm(grads, max_norm):
    norm = np.linalg.norm(np.concatenate([g.ravel() for g in grads]))
    return [np.clip(g, -max_norm, max_norm) for g in grads], norm
