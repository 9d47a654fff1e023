# family: return
# line: 6
# about: where the guard stops, nothing is returned at all
def newton_step(df, d2f, x):
    h = d2f(x)
    if abs(h) >= 1e-12:
        return x - df(x) / h
