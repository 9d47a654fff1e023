def solve_constrained(a, b, c):
    lam = -2 * a * b * c / (a + b)
    return [-lam / (2 * a), -lam / (2 * b)]
