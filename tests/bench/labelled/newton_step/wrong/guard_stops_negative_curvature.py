# family: newton
# line: 6
# about: without the absolute value every negative curvature is taken for flat
def newton_step(df, d2f, x):
    slope, bend = df(x), d2f(x)
    if bend < 1e-12:
        return x
    return x - slope / bend
