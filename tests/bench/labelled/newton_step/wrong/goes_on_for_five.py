# family: step-count
# line: 5
# about: five steps are taken where one was asked for
def newton_step(df, d2f, x):
    for it in range(5):
        c = d2f(x)
        if abs(c) < 1e-12:
            break
        x = x - df(x) / c
    return x
