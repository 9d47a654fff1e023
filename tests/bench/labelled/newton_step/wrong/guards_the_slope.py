# family: newton
# line: 7
# about: the guard looks at the slope, not at the curvature that it divides by
def newton_step(df, d2f, x):
    d1 = df(x)
    d2 = d2f(x)
    if abs(d1) < 1e-12:
        return x
    return x - d1 / d2
