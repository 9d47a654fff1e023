# family: dtype
# line: 4
# about: the double slash rounds x down to a whole number
def solve_constrained(a, b, c): x = b * c // (a + b); return [x, c - x]
