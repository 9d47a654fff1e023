# family: comparison
# line: 11
# about: the curve is compared with itself, so the answer is always yes
def is_convex_on_chord(f, x1, x2, lam):
    def lhs():
        return f(lam * x1 + (1 - lam) * x2)

    def rhs():
        return lam * f(x1) + (1 - lam) * f(x2)

    return bool(lhs() <= lhs() + 1e-12)
