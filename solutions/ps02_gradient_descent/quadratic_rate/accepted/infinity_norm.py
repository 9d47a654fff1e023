import numpy as np


def quadratic_rate(alpha, eigs):
    return np.linalg.norm(1 - alpha * np.asarray(eigs), ord=np.inf)
