# family: newton
# line: 6
# about: only an exact zero is caught, so a curvature of 5e-13 throws x far away
def newton_step(df, d2f, x):
    curvature = d2f(x)
    if curvature == 0:
        return x
    return x - df(x) / curvature
