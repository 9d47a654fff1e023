import numpy as np


def zsugorit(szam, kuszob):
    if szam > kuszob:
        return szam - kuszob
    if szam < -kuszob:
        return szam + kuszob
    return 0.0


def soft_threshold(x, lam):
    eredmeny = np.zeros(x.shape)
    lapos = eredmeny.reshape(-1)
    for i, szam in enumerate(x.reshape(-1)):
        lapos[i] = zsugorit(szam, lam)
    return eredmeny
