# family: sign
# line: 8
# about: the step is added, so it leads away from the stationary point
def newton_step(df, d2f, x):
    h = d2f(x)
    if abs(h) < 1e-12:
        return x
    return x + df(x) / h
