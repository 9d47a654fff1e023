# family: newton
# line: 9
# about: divides the curvature by the slope instead of the slope by the curvature
def newton_step(df, d2f, x):
    slope = df(x)
    curvature = d2f(x)
    if abs(curvature) < 1e-12:
        return x
    step = curvature / slope
    return x - step
