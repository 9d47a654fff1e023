def solve_constrained(a, b, c):
    # y = c - x behelyettesítve: (a + b) x^2 - 2 b c x + b c^2
    masodfoku = a + b
    elsofoku = -2 * b * c
    x = -elsofoku / (2 * masodfoku)  # a parabola csúcsa
    y = c - x
    return [x, y]
