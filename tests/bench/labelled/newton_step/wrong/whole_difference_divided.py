# family: algebra
# line: 6
# about: the brackets divide x by the curvature too
def newton_step(df, d2f, x):
    hess = d2f(x)
    return (x - df(x)) / hess if abs(hess) >= 1e-12 else x
