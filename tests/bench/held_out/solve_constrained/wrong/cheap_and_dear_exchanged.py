# family: algebra
# line: 6
# about: x gets the share of y: a c where b c belongs
def solve_constrained(a, b, c):
    total_cost = a + b
    return [a * c / total_cost, b * c / total_cost]
