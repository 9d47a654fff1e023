# family: dtype
# line: 9
# about: the double slash rounds the step down to a whole number
def newton_step(df, d2f, x):
    numerator = df(x)
    denominator = d2f(x)
    if abs(denominator) < 1e-12:
        return x
    step = numerator // denominator
    return x - step
