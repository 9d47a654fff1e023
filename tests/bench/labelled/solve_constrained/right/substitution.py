def solve_constrained(a, b, c):
    """Put y = c - x into the objective; its slope 2ax - 2b(c - x) vanishes at the minimum."""
    x: float = (b * c) / (a + b)
    y: float = c - x
    return (x, y)
