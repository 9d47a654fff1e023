# family: algebra
# line: 5
# about: x gets the share of y
def solve_constrained(a, b, c):
    x = a * c / (a + b)
    y = c - x
    return [x, y]
