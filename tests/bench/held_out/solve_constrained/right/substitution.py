def solve_constrained(a, b, c):
    # y = c - x  ->  f(x) = a x^2 + b (c - x)^2,  f'(x) = 2 a x - 2 b (c - x) = 0
    x = b * c / (a + b)
    y = c - x
    return [x, y]
