# family: newton
# line: 9
# about: the second derivative is divided by the first
def newton_step(df, d2f, x):
    g = df(x)
    h = d2f(x)
    if abs(h) < 1e-12:
        return x
    return x - h / g
