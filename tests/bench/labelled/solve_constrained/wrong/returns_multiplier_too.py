# family: return
# line: 7
# about: the multiplier comes back as a third number
def solve_constrained(a, b, c):
    lam = 2 * a * b * c / (a + b)
    x, y = lam / (2 * a), lam / (2 * b)
    return [x, y, lam]
