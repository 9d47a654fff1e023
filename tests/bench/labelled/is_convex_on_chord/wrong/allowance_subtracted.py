# family: sign
# line: 10
# about: the allowance is taken off the chord where it should be added
TOL = 1e-12


def is_convex_on_chord(f, x1, x2, lam):
    curve_height = f(lam * x1 + (1 - lam) * x2)
    chord_height = lam * f(x1) + (1 - lam) * f(x2)
    chord_height -= TOL
    if curve_height <= chord_height:
        return True
    else:
        return False
