# family: sign
# line: 9
# about: the step is added
def newton_step(df, d2f, x):
    g = df(x)
    h = d2f(x)
    new_x = x
    if not abs(h) < 1e-12:
        new_x += g / h
    return new_x
