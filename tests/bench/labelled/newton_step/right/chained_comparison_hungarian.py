KUSZOB = 1e-12


def newton_step(df, d2f, x):
    meredekseg = df(x)
    gorbulet = d2f(x)
    if -KUSZOB < gorbulet < KUSZOB:
        return x  # nincs mivel osztani
    lepes = meredekseg / gorbulet
    return x - lepes
