# family: abs
# line: 6
# about: abs around the total makes both shares positive
def solve_constrained(a, b, c):
    weights = [1 / a, 1 / b]
    total = abs(c) / sum(weights)
    return [w * total for w in weights]
