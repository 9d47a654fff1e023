# family: algebra
# line: 5
# about: the multiplier is c over a plus b, where it is 2abc over a plus b
def lagrange_multiplier(a, b, c):
    return c / (a + b)


def solve_constrained(a, b, c):
    lam = lagrange_multiplier(a, b, c)
    x = lam / (2 * a)
    y = lam / (2 * b)
    return [x, y]
