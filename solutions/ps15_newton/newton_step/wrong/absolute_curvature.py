# family: abs
# line: 5
# about: the absolute curvature turns the step round where the curvature is negative
def newton_step(df, d2f, x):
    curvature = abs(d2f(x))
    if curvature < 1e-12:
        return x
    return x - df(x) / curvature
