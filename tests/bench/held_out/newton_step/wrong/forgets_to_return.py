# family: return
# line: 10
# about: the new point is computed and never returned
def newton_step(df, d2f, x):
    eps = 1e-12
    hessian = d2f(x)
    if abs(hessian) < eps:
        return x
    gradient = df(x)
    x_new = x - gradient / hessian
