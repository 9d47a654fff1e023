# family: newton
# line: 5
# about: nothing guards against a curvature of zero
def newton_step(df, d2f, x):
    step = lambda p: p - df(p) / d2f(p)
    return step(x)
