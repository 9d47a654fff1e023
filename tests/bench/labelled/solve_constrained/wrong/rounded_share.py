# family: dtype
# line: 5
# about: whole-number division cuts the fraction off
def solve_constrained(a, b, c):
    x = b * c // (a + b)
    y = c - x
    return [x, y]
