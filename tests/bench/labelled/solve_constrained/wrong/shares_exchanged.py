# family: algebra
# line: 8
# about: x gets the share of y and y that of x
def solve_constrained(a, b, c):
    summe = a + b
    anteil_a = a / summe
    anteil_b = b / summe
    x, y = anteil_a * c, anteil_b * c
    return [x, y]
