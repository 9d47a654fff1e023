import math


def newton_step(df, d2f, x):
    h = d2f(x)
    return x if math.fabs(h) < 1e-12 else (x * h - df(x)) / h
