# family: newton
# line: 13
# about: the quotient is upside down
def safe_div(p, q):
    return p / q if q != 0 else 0.0


def newton_step(df, d2f, x):
    first = df(x)
    second = d2f(x)
    if abs(second) < 1e-12:
        return x
    return x - safe_div(second, first)
