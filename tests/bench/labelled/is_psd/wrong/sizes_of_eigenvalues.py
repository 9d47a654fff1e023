# family: abs
# line: 8
# about: the eigenvalues lose their sign before they are looked at
import numpy as np


def is_psd(A):
    spektrum = np.abs(np.linalg.eigvalsh(A))
    kleinster = spektrum[0]
    for wert in spektrum:
        if wert < kleinster:
            kleinster = wert
    return bool(kleinster >= -1e-10)
