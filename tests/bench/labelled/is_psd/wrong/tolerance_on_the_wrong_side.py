# family: sign
# line: 7
# about: the tolerance has lost its minus, so a zero eigenvalue is turned down
import numpy as np


def is_psd(A): return bool(np.min(np.linalg.eigvalsh(np.array(A))) >= 1e-10)
