# family: abs
# line: 6
# about: the guard has no abs, so every negative curvature counts as flat
def newton_step(df, d2f, x):
    curv = d2f(x)
    if curv < 1e-12:
        return x
    delta = df(x) / curv
    return x - delta
