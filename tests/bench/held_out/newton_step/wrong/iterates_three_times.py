# family: step-count
# line: 6
# about: makes three steps where one is asked for
def newton_step(df, d2f, x):
    tol = 1e-12
    for _ in range(3):
        second = d2f(x)
        if abs(second) < tol:
            break
        x = x - df(x) / second
    return x
