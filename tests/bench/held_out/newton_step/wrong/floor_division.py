# family: dtype
# line: 9
# about: floor division cuts the step down to a whole number
def newton_step(df, d2f, x):
    num = df(x)
    den = d2f(x)
    if abs(den) < 1e-12:
        return x
    return x - num // den
