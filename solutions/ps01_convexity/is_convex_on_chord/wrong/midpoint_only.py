# family: algebra
# line: 5
# about: always looks at the middle of the chord and ignores lam in the point
def is_convex_on_chord(f, x1, x2, lam):
    mid = (x1 + x2) / 2
    return bool(f(mid) <= lam * f(x1) + (1 - lam) * f(x2) + 1e-12)
