# family: algebra
# line: 6
# about: x gets the share of y: a c where b c belongs
def solve_constrained(a, b, c):
    s = a + b
    x = a * c / s
    y = c - x
    return [x, y]
