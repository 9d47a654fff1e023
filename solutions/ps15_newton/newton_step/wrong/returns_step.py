# family: return
# line: 9
# about: returns the step alone, not the point it leads to
def newton_step(df, d2f, x):
    h = d2f(x)
    if abs(h) < 1e-12:
        return x
    delta = -df(x) / h
    return delta
