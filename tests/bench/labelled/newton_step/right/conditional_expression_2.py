def newton_step(df, d2f, x):
    h = d2f(x)
    return x if abs(h) < 1e-12 else x - df(x) / h
