# family: return
# line: 9
# about: the answer is flat: the shape of x is lost
import numpy as np


def soft_threshold(x, lam):
    values = [np.sign(e) * max(abs(e) - lam, 0.0) for e in np.ravel(x)]
    return np.array(values)
