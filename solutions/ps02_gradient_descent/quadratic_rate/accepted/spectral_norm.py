import numpy as np


def quadratic_rate(alpha, eigs):
    iteration = np.eye(len(eigs)) - alpha * np.diag(eigs)
    return np.linalg.norm(iteration, 2)
