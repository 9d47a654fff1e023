def solve_constrained(a, b, c):
    lagrange_multiplier = c / (1 / (2 * a) + 1 / (2 * b))
    x = lagrange_multiplier / (2 * a)
    y = lagrange_multiplier / (2 * b)
    return [x, y]
