# family: comparison
# line: 11
# about: the chord is compared with itself, which always holds
def is_convex_on_chord(f, x1, x2, lam):
    def chord(s):
        return s * f(x1) + (1 - s) * f(x2)

    def curve(s):
        return f(s * x1 + (1 - s) * x2)

    return bool(chord(lam) <= chord(lam) + 1e-12)
