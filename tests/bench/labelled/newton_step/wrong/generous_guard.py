# family: newton
# line: 4
# about: the guard's limit of 1e-6 also stops steps that should be made
EPSILON = 1e-6


class Derivatives:
    def __init__(self, df, d2f):
        self.df = df
        self.d2f = d2f


def newton_step(df, d2f, x):
    d = Derivatives(df, d2f)
    if abs(d.d2f(x)) < EPSILON:
        return x
    return x - d.df(x) / d.d2f(x)
