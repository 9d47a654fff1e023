import math

import numpy as np


def _one(value: float, lam: float) -> float:
    return math.copysign(max(math.fabs(value) - lam, 0.0), value)


def soft_threshold(x, lam):
    return np.vectorize(_one, otypes=[float])(x, lam)
