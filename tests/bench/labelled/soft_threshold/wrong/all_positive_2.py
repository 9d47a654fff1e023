# family: abs
# line: 9
# about: the sign of the entry is lost
import numpy as np


def soft_threshold(x, lam):
    magnitude = np.fabs(x)
    return (magnitude - lam).clip(min=0.0)
