import numpy as np
from numpy.typing import NDArray

Arr = NDArray[np.float64]


def rmsprop_step(theta: Arr, g: Arr, v: Arr, lr: float, rho: float, eps: float) -> tuple[Arr, Arr]:
    def average(old: Arr, fresh: Arr) -> Arr:
        return np.average(np.stack([old, fresh]), axis=0, weights=[rho, 1 - rho])

    def step(rms: Arr) -> Arr:
        return -lr / (rms + eps) * g

    v_next = average(v, np.power(g, 2))
    return theta + step(np.sqrt(v_next)), v_next
