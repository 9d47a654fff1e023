# family: algebra
# line: 7
# about: the chord uses the value at x1 for both of its ends
def is_convex_on_chord(f, x1, x2, lam):
    mu = 1 - lam
    f_mitte = f(lam * x1 + mu * x2)
    f_sehne = lam * f(x1) + mu * f(x1)
    return bool(f_mitte - f_sehne <= 1e-12)
