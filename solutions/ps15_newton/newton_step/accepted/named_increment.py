EPS = 1e-12


def newton_step(df, d2f, x):
    curvature = float(d2f(x))
    flat = -EPS < curvature < EPS
    delta = 0.0 if flat else -float(df(x)) / curvature
    return x + delta
