# family: step-count
# line: 5
# about: makes up to twenty steps, where one step is asked for
def newton_step(df, d2f, x):
    for _ in range(20):
        h = d2f(x)
        if abs(h) < 1e-12:
            break
        x = x - df(x) / h
    return x
