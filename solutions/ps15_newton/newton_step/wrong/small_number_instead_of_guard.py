# family: newton
# line: 6
# about: a small number in the denominator is no guard: zero curvature gives an enormous step
def newton_step(df, d2f, x):
    g, h = df(x), d2f(x)
    return x - g / (h + 1e-12)
