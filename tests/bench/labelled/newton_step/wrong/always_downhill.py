# family: abs
# line: 8
# about: the size of the curvature is used, so a negative one is not used as it is
import math


def newton_step(df, d2f, x):
    k = math.fabs(d2f(x))
    if abs(k) < 1e-12:
        return x
    return x - df(x) / k
