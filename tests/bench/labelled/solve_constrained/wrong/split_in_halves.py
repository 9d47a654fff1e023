# family: algebra
# line: 6
# about: both get c / 2 whatever the weights are
def solve_constrained(a, b, c):
    """Symmetric problem, so x = y."""
    x = c / 2
    return [x, c - x]
