# family: sign
# line: 5
# about: the second weight is one plus lam, not one minus lam
def is_convex_on_chord(f, x1, x2, lam):
    punto = x1 * lam + x2 * (1 + lam)
    cuerda = f(x1) * lam + f(x2) * (1 - lam)
    if f(punto) > cuerda + 1e-12:
        return False
    else:
        return True
