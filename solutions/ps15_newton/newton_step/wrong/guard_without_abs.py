# family: newton
# line: 6
# about: without the absolute value the guard stops at every negative curvature
def newton_step(df, d2f, x):
    h = d2f(x)
    if h < 1e-12:
        return x
    return x - df(x) / h
