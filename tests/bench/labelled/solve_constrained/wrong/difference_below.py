# family: sign
# line: 7
# about: the share divides by b minus a, not by a plus b
def solve_constrained(a, b, c):
    # substitute y = c - x and set the derivative to zero
    numerator = b * c
    denominator = b - a
    x = numerator / denominator
    y = c - x
    return [x, y]
