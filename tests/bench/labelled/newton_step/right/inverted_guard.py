def newton_step(df, d2f, x):
    slope, bend = df(x), d2f(x)
    if abs(bend) >= 1e-12:
        x = x - slope / bend
    return x
