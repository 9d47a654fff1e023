# family: sign
# line: 10
# about: y = c - x and not x - c
def x_on_the_line(a, b, c):
    return b * c / (a + b)


def solve_constrained(a, b, c):
    x = x_on_the_line(a, b, c)
    y = x - c
    return [x, y]
