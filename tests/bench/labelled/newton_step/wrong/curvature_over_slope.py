# family: newton
# line: 9
# about: the quotient is upside down: curvature over slope
def newton_step(df, d2f, x):
    h = d2f(x)
    if abs(h) < 1e-12:
        return x
    g = df(x)
    return x - h / g
