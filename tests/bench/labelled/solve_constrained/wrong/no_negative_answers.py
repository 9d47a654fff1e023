# family: clamp
# line: 5
# about: the answer may be negative; here it is cut off at zero
def solve_constrained(a, b, c):
    x = max(0.0, b * c / (a + b))
    return x, c - x
