# family: sign
# line: 5
# about: with L = f + lam (x + y - c) the multiplier is negative
def solve_constrained(a, b, c):
    lam = 2 * a * b * c / (a + b)
    x = -lam / (2 * a)
    y = -lam / (2 * b)
    return [x, y]
