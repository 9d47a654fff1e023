# family: newton
# line: 7
# about: a limit of 1e-5 also stops in gentle bowls that the step can handle
def newton_step(df, d2f, x):
    h = d2f(x)
    new = x
    if not abs(h) < 1e-5:
        new = x - df(x) / h
    return new
