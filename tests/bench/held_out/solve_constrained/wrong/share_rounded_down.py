# family: dtype
# line: 6
# about: integer division rounds the share down
def solve_constrained(a, b, c):
    sum_ab = a + b
    x = (b * c) // sum_ab
    y = c - x
    return [x, y]
