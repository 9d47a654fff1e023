def solve_constrained(a, b, c):
    # 2 a x = mu, 2 b y = mu, x + y = c
    mu = c / (1 / (2 * a) + 1 / (2 * b))
    return [mu / (2 * a), mu / (2 * b)]
