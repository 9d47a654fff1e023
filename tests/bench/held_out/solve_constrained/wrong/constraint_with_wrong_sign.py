# family: sign
# line: 6
# about: y is x - c, although x + y must be c
def solve_constrained(a, b, c):
    x_opt = (b * c) / (a + b)
    y_opt = x_opt - c
    return [x_opt, y_opt]
