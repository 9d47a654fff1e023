# family: algebra
# line: 6
# about: f is applied to the two weighted parts and not to their sum
def is_convex_on_chord(f, x1, x2, lam):
    parts = [lam * x1, (1 - lam) * x2]
    left = sum(map(f, parts))
    right = lam * f(x1) + (1 - lam) * f(x2)
    return bool(left <= right + 1e-12)
