# family: algebra
# line: 7
# about: the whole difference is divided and not the slope alone
def newton_step(df, d2f, x):
    if abs(d2f(x)) < 1e-12:
        return x
    return (x - df(x)) / d2f(x)
