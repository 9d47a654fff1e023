import numpy as np


def soft_threshold(x, lam):
    # what is taken away is x itself, but never more than lam
    return x - np.clip(x, -lam, lam)
