# family: sign
# line: 11
# about: the tolerance is taken off the chord, where it must be added
tol = 1e-12


def is_convex_on_chord(f, x1, x2, lam):
    mu = 1 - lam
    chord_value = lam * f(x1) + mu * f(x2)
    function_value = f(lam * x1 + mu * x2)
    if function_value <= chord_value - tol:
        return True
    else:
        return False
