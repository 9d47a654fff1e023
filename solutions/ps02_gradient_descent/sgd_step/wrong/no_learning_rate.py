# family: learning-rate
# line: 8
# about: the raw gradient is subtracted
import numpy as np


def sgd_step(params, grads, lr):
    return [np.array(p) if g is None else p - g for p, g in zip(params, grads)]
