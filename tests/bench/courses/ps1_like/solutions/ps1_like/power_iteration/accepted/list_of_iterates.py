import numpy as np


def power_iteration(A, v0, steps):
    iterates = [v0 / np.sqrt(np.sum(v0**2))]
    for _ in range(steps):
        w = np.matmul(A, iterates[-1])
        length = np.sqrt(np.sum(w**2))
        iterates.append(w / length if length > 0 else iterates[-1])
    last = iterates[-1]
    return np.sum(last * np.matmul(A, last)), last
