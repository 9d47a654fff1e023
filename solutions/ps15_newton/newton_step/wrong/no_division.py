# family: newton
# line: 8
# about: subtracts the bare slope, which is a gradient step of length one
def newton_step(df, d2f, x):
    if abs(d2f(x)) < 1e-12:
        return x
    gradient = df(x)
    return x - gradient
