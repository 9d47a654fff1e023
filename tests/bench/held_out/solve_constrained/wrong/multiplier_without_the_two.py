# family: algebra
# line: 7
# about: the multiplier lacks the factor two, so both coordinates are halved
def solve_constrained(a, b, c):
    # L = a x^2 + b y^2 - mu (x + y - c)
    # x = mu / (2a), y = mu / (2b), x + y = c
    mu = a * b * c / (a + b)
    return [mu / (2 * a), mu / (2 * b)]
