def solve_constrained(a, b, c):
    def slope(x):
        return 2 * a * x - 2 * b * (c - x)

    low, high = min(0.0, c), max(0.0, c)
    for _ in range(200):
        middle = (low + high) / 2
        if slope(middle) < 0:
            low = middle
        else:
            high = middle
    return [low, a * low / b]
