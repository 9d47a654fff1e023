# family: newton
# line: 5
# about: the first and the second derivative have changed places
def newton_step(df, d2f, x):
    g, h = d2f(x), df(x)
    if abs(h) < 1e-12:
        return x
    return x - g / h
