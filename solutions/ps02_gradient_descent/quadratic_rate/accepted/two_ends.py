import numpy as np


def quadratic_rate(alpha, eigs):
    mu, L = np.min(eigs), np.max(eigs)
    return float(max(abs(1 - alpha * mu), abs(1 - alpha * L)))
