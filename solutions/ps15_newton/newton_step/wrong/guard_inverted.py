# family: comparison
# line: 6
# about: the guard stops where the curvature is large and divides where it is zero
def newton_step(df, d2f, x):
    h = d2f(x)
    if abs(h) > 1e-12:
        return x
    return x - df(x) / h
