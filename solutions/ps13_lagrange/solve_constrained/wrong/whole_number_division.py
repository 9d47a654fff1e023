# family: dtype
# line: 5
# about: // cuts the answer down to whole numbers
def solve_constrained(a, b, c):
    x = b * c // (a + b)
    y = c - x
    return [x, y]
