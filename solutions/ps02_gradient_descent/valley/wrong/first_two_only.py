# family: algebra
# line: 11
# about: only works in two dimensions: later coordinates are ignored
import numpy as np


def valley(w, h):
    g = h * w
    if len(w) < 2:
        return 0.5 * w[0] * g[0], g
    return 0.5 * (w[0] * g[0] + w[1] * g[1]), g
