# family: sign
# line: 7
# about: the quotient is added and not taken off
def newton_step(df, d2f, x):
    krummung = d2f(x)
    if abs(krummung) >= 1e-12:
        x = x + df(x) / krummung
    return x
