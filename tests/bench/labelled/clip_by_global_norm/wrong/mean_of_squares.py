# family: norm
# line: 9
# about: the squares are averaged, where a norm adds them up
import numpy as np


def clip_by_global_norm(grads, max_norm):
    everything = np.concatenate([g.flatten() for g in grads])
    rms = np.sqrt(np.mean(everything**2))
    scale = np.minimum(1.0, max_norm / (rms + 1e-12))
    return [scale * g for g in grads], rms
