# family: newton
# line: 9
# about: the slope is not divided by the curvature
def newton_step(df, d2f, x):
    krümmung = d2f(x)
    steigung = df(x)
    if -1e-12 < krümmung < 1e-12:
        return x
    x_neu = x - steigung
    return x_neu
