def multiplier(a: float, b: float, c: float) -> float:
    """L = a x^2 + b y^2 - lam (x + y - c): x = lam / 2a, y = lam / 2b."""
    return c / (1 / (2 * a) + 1 / (2 * b))


def solve_constrained(a, b, c):
    lam = multiplier(a, b, c)
    return [lam / (2 * w) for w in (a, b)]
