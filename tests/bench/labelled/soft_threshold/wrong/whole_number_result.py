# family: dtype
# line: 9
# about: the result array holds whole numbers, so the decimals are cut off
import numpy as np


def soft_threshold(x, lam):
    rows = x.ravel()
    result = np.zeros(len(rows), dtype=np.int64)
    for i in range(len(rows)):
        if abs(rows[i]) > lam:
            result[i] = rows[i] - lam if rows[i] > 0 else rows[i] + lam
    return result.reshape(x.shape)
