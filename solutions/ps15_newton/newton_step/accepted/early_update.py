def newton_step(df, d2f, x):
    g, h = df(x), d2f(x)
    if abs(h) >= 1e-12:
        x = x - g / h
    return x
