# family: newton
# line: 7
# about: the guard looks at the slope, but the curvature is what is divided by
def newton_step(df, d2f, x):
    g = df(x)
    h = d2f(x)
    if abs(g) < 1e-12:
        return x
    return x - g / h
