# family: newton
# line: 5
# about: nothing stops the division where the curvature is zero
def newton_step(df, d2f, x):
    return x - df(x) / d2f(x)
