def solve_constrained(a, b, c):
    # y = c - x; the derivative 2 a x - 2 b (c - x) vanishes
    x = 2 * b * c / (2 * a + 2 * b)
    y = c - x
    return x, y
