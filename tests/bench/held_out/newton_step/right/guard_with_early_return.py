def newton_step(df, d2f, x):
    first, second = df(x), d2f(x)
    if -1e-12 < second < 1e-12:
        # flat: do nothing
        return x
    step = first / second
    return x - step
