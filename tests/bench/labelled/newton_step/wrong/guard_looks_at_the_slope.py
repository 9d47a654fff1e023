# family: newton
# line: 9
# about: the guard tests the slope, so zero curvature still divides
import math


def newton_step(df, d2f, x):
    g = df(x)
    if math.fabs(g) < 1e-12:
        return x
    return x - g / d2f(x)
