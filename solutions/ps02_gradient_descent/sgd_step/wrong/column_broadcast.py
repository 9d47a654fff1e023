# family: algebra
# line: 12
# about: a column minus a flat gradient becomes a square
import numpy as np


def sgd_step(params, grads, lr):
    result = []
    for p, g in zip(params, grads):
        if g is not None:
            flat = np.ravel(g)
            p = p - lr * (flat if p.ndim == 2 and p.shape[1] == 1 else g)
        result.append(p)
    return result
