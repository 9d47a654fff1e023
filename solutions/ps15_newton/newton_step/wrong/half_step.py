# family: algebra
# line: 8
# about: a factor of one half, as in the Taylor polynomial, does not belong into the step
def newton_step(df, d2f, x):
    h = d2f(x)
    if abs(h) < 1e-12:
        return x
    return x - 0.5 * df(x) / h
