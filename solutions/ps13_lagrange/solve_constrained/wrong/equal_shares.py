# family: algebra
# line: 5
# about: c is halved whatever the weights are
def solve_constrained(a, b, c):
    half = c / 2
    return [half, half]
