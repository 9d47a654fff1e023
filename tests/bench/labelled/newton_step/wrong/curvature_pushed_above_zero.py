# family: clamp
# line: 7
# about: the curvature is lifted to 1e-12, which makes huge steps of negative curvature
def newton_step(df, d2f, x):
    if abs(d2f(x)) < 1e-12:
        return x
    second = max(d2f(x), 1e-12)
    step = df(x) / second
    return x - step
