# family: algebra
# line: 5
# about: the multiplier has a + b where 2 a b / (a + b) belongs
def solve_constrained(a, b, c):
    lam = (a + b) * c
    return [lam / (2 * a), lam / (2 * b)]
