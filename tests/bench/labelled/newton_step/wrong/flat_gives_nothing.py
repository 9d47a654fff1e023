# family: return
# line: 8
# about: where the curvature is zero nothing comes back
def newton_step(df, d2f, x):
    gorbulet = d2f(x)
    if abs(gorbulet) >= 1e-12:
        return x - df(x) / gorbulet
    return None
