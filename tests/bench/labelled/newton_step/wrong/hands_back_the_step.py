# family: return
# line: 9
# about: the step itself comes back, not the point after it
def newton_step(df, d2f, x):
    c = d2f(x)
    if abs(c) < 1e-12:
        return x
    delta = -df(x) / c
    return delta
