# family: return
# line: 10
# about: returns which entries survive, not their new values
import numpy as np


def soft_threshold(x, lam):
    keep = np.abs(x) > lam
    shrunk = keep * (x - lam * np.sign(x))
    return keep * 1.0
