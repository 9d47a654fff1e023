# family: clamp
# line: 10
# about: np.max takes the maximum over the array, not entry by entry
import numpy as np


def soft_threshold(x, lam):
    vorzeichen = np.sign(x)
    betrag = np.abs(x)
    geschrumpft = np.max(betrag - lam, 0)
    return vorzeichen * geschrumpft
